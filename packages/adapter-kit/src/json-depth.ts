/** The nesting of a JSON text, counted without parsing it, so that no parser ever sees a text that is too deep. */

/** Levels of nesting the hub reads (contract section 4). */
export const JSON_DEPTH_MAX = 128;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * True when arrays and objects are nested deeper than `max`. Brackets inside strings do not count. Works for any text; what it says of text
 * that is not JSON does not matter, the parser refuses that anyway. One pass, no recursion, no allocation.
 */
export function isDeeperThan(text: string, max: number = JSON_DEPTH_MAX): boolean {
  // Every level needs two characters, and an opening bracket: counting those that there are is quicker than reading the text.
  if (text.length <= 2 * max || !opensMoreThan(text, max)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > max) return true;
    } else if (code === 0x7d || code === 0x5d) {
      depth--;
    }
  }
  return false;
}

function opensMoreThan(text: string, max: number): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) if (++count > max) return true;
  }
  return false;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
