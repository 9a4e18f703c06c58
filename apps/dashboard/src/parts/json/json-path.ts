/** Where in a JSON document an offset of its text is, and how that place is written. */

const TOKEN = /[\t\n\r ]*(?:([[\]{},:])|("(?:[^"\\]|\\.)*"?)|([^\s[\]{},:"]+))/y;
/** What JSONata takes for a name without backticks (docs.jsonata.org, Simple queries). */
const PLAIN_NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const WORDS = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

interface Level {
  /** The field or item that is being read; null before the first field. */
  step: string | number | null;
  /** A name is awaited, not a value. */
  name: boolean;
}

/**
 * The path of the value at `offset` (of its field, when the offset is on the field's name). Reads up to there only.
 * @param text JSON; anything else gives some path, never an error
 */
export function jsonPathAt(text: string, offset: number): (string | number)[] {
  const reader = new RegExp(TOKEN);
  const levels: Level[] = [];
  for (let match = reader.exec(text); match !== null; match = reader.exec(text)) {
    const [whole, punctuation, quoted] = match;
    const start = reader.lastIndex - whole.trimStart().length;
    if (start >= offset && !(start === offset && punctuation === undefined)) break;
    const level = levels.at(-1);
    if (punctuation === '{') levels.push({ step: null, name: true });
    else if (punctuation === '[') levels.push({ step: 0, name: false });
    else if (punctuation === '}' || punctuation === ']') levels.pop();
    else if (punctuation === ',' && level !== undefined) advance(level);
    else if (punctuation === ':' && level !== undefined) level.name = false;
    else if (quoted !== undefined && level?.name === true) level.step = nameOf(quoted);
    if (reader.lastIndex >= offset && punctuation === undefined) break;
  }
  return levels.flatMap(({ step }) => (step === null ? [] : [step]));
}

/** `order.lines[0].sku`, with backticks where a name needs them; `$` for the whole document. */
export function jsonataPath(path: readonly (string | number)[]): string {
  let written = '';
  for (const step of path) {
    if (typeof step === 'number') written += written === '' ? `$[${step}]` : `[${step}]`;
    else written += `${written === '' ? '' : '.'}${PLAIN_NAME.test(step) && !WORDS.has(step) ? step : `\`${step}\``}`;
  }
  return written === '' ? '$' : written;
}

/** RFC 6901: `/order/lines/0/sku`, empty for the whole document. */
export function jsonPointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function advance(level: Level): void {
  if (typeof level.step === 'number') level.step += 1;
  else level.name = true;
}

function nameOf(quoted: string): string {
  try {
    const name: unknown = JSON.parse(quoted);
    return String(name);
  } catch {
    return quoted.slice(1);
  }
}
