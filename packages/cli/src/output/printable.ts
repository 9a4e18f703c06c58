/** Text from outside, made safe for a terminal: what it contains must not move the cursor, colour the screen or ring the bell. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find.
const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** On one line. */
export function printable(text: string): string {
  return text.replaceAll(CONTROL, shown);
}

/** Line ends and tabs stay. */
export function printableLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(CONTROL_BUT_LINES, shown);
}

function shown(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
