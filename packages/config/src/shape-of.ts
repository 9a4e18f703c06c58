/** The shape of a value for problem lines: enough to see the mistake, never the value (it may be a secret in the wrong variable). */
export function shapeOf(text: string): string {
  if (/^-?\d+$/.test(text)) return text.length <= 6 ? 'a whole number out of range' : 'a very large whole number';
  if (/^-?\d+\.\d+$/.test(text)) return 'a fraction';
  const scheme = /^([a-z][a-z0-9+.-]{0,20}):\/\//i.exec(text)?.[1];
  if (scheme !== undefined) return `a URL of scheme ${scheme.toLowerCase()} with ${text.length} characters`;
  if (text.includes(',')) return `a list of ${text.split(',').length} parts`;
  return `text of ${text.length} characters`;
}
