/** What must hold for a text before JSONata's parser may see it: the parser recurses per bracket and doubles the tree per nested `??`. */
import { LIMITS } from '../limits.ts';

interface Group {
  /** Deepest nesting of `??` in the groups closed since the last separator: what the next `??` would copy. */
  left: number;
  /** Deepest nesting anywhere in this group. */
  deepest: number;
}

const BLANK = ' \t\n\r\v';
/** Characters that end a name. A quote does not: JSONata reads `a"b` as one name. */
const STOP = '.[](){},@#;:?+-*/%|=<>^!~&';

/**
 * Finds what forbids parsing. Follows JSONata's tokenizer (jsonata 2.2, src/parser.js) as far as strings, names, comments and regular
 * expressions go; where the two could disagree about a slash, JSONata's parser stops with a syntax error at that slash.
 * @returns a sentence, or null when the text may be parsed
 */
export function textProblem(text: string): string | null {
  if (text.length > LIMITS.textMax) return `An expression has at most ${LIMITS.textMax} characters; this one has ${text.length}`;
  const groups: Group[] = [{ left: 0, deepest: 0 }];
  let operand = false;
  /** After `and`, `or`, `in`, `*` and `%`, which are operators or names and wildcards. */
  let unclear = false;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const pair = text.slice(at, at + 2);
    const group = groups.at(-1);
    if (group === undefined) return null;
    if (BLANK.includes(char)) {
      at += 1;
      continue;
    }
    if (pair === '/*') {
      at = endOf(text, '*/', at + 2);
      continue;
    }
    if (char === '/' && unclear) return `Put brackets around the slash at position ${at}: it may start a regular expression or divide`;
    unclear = false;
    if (char === '"' || char === "'") {
      at = endOfString(text, char, at + 1);
      operand = true;
    } else if (char === '`') {
      at = endOf(text, '`', at + 1);
      operand = true;
    } else if (char === '/' && !operand) {
      at = endOfRegex(text, at + 1);
      operand = true;
    } else if (pair === '??' || pair === '?:') {
      group.deepest = Math.max(group.deepest, group.left + 1);
      if (group.deepest > LIMITS.coalesceMax)
        return `?? and ?: may stand within the left side of each other ${LIMITS.coalesceMax} levels deep`;
      group.left = 0;
      operand = false;
      at += 2;
    } else if ('([{'.includes(char)) {
      if (groups.length > LIMITS.bracketsMax) return `Brackets may be nested ${LIMITS.bracketsMax} levels deep`;
      groups.push({ left: 0, deepest: 0 });
      operand = false;
      at += 1;
    } else if (')]}'.includes(char)) {
      if (groups.length > 1) {
        groups.pop();
        const outer = groups.at(-1);
        if (outer !== undefined) {
          outer.left = Math.max(outer.left, group.deepest);
          outer.deepest = Math.max(outer.deepest, group.deepest);
        }
      }
      operand = true;
      at += 1;
    } else if (',;:'.includes(char)) {
      group.left = 0;
      operand = false;
      at += 1;
    } else if (STOP.includes(char)) {
      operand = false;
      unclear = char === '*' || char === '%';
      at += 1;
    } else {
      const end = endOfName(text, at);
      const name = text.slice(at, end);
      at = end;
      operand = true;
      unclear = name === 'and' || name === 'or' || name === 'in';
    }
  }
  return null;
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

function endOfString(text: string, quote: string, from: number): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function endOfName(text: string, from: number): number {
  let at = from;
  while (at < text.length && !STOP.includes(text.charAt(at)) && !BLANK.includes(text.charAt(at))) at += 1;
  return at;
}

function endOfRegex(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '/' && depth === 0 && backslashesBefore(text, at) % 2 === 0) return at + 1;
    if (text.charAt(at - 1) === '\\') continue;
    if ('([{'.includes(char)) depth += 1;
    if (')]}'.includes(char)) depth -= 1;
  }
  return text.length;
}

function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (text.charAt(at - count - 1) === '\\') count += 1;
  return count;
}
