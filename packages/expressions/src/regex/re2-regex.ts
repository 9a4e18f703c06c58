/** Regular expressions of JSONata on RE2, whose time grows with the text and never explodes; what RE2 lacks is refused when compiling. */
import { RE2JS } from 're2js';
import { LIMITS } from '../limits.ts';

function compile(expression: RegExp): RE2JS {
  const flags = (expression.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (expression.multiline ? RE2JS.MULTILINE : 0);
  return RE2JS.compile(RE2JS.translateRegExp(expression.source), flags);
}

/**
 * What RE2 does not accept in `expression` (look-around, back-references, huge repeats).
 * @returns a sentence, or null when it can run
 */
export function regexProblem(expression: unknown): string | null {
  // JSONata's parser copies the left side of ?? and ?: through JSON, which loses the pattern.
  if (!(expression instanceof RegExp)) return 'A regular expression cannot stand left of ?? or ?:; bind it to a variable first';
  if (expression.source.length > LIMITS.regexMax) return `A regular expression has at most ${LIMITS.regexMax} characters`;
  try {
    compile(expression);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `The regular expression is not supported (RE2 syntax, without look-around and back-references): ${reason}`;
  }
}

/** The part of the global `RegExp` that JSONata uses (evaluateRegex in jsonata 2.2): `new`, `lastIndex` and `exec`. */
export class Re2Regex {
  lastIndex = 0;
  readonly #pattern: RE2JS;

  /** @throws Error when RE2 does not accept the pattern */
  constructor(expression: unknown) {
    const problem = regexProblem(expression);
    if (problem !== null || !(expression instanceof RegExp)) throw new Error(problem ?? 'not a regular expression');
    this.#pattern = compile(expression);
  }

  /** The next match from `lastIndex` on, as `RegExp.prototype.exec` of a global expression gives it. */
  exec(text: string): RegexMatch | null {
    if (this.lastIndex > text.length) return this.#end();
    const matcher = this.#pattern.matcher(text);
    if (!matcher.find(this.lastIndex)) return this.#end();
    const match: RegexMatch = [];
    for (let group = 0; group <= matcher.groupCount(); group += 1) match.push(matcher.group(group) ?? undefined);
    match.index = matcher.start();
    this.lastIndex = matcher.end();
    return match;
  }

  #end(): null {
    this.lastIndex = 0;
    return null;
  }
}

/** Whole match, groups, and where it starts. */
export interface RegexMatch extends Array<string | undefined> {
  index?: number;
}
