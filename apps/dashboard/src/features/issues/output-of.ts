/** The answer a person typed: nothing, JSON, or not JSON (yet). */

export type TypedOutput = { kind: 'none' } | { kind: 'json'; value: unknown } | { kind: 'bad' };

export function outputOf(text: string): TypedOutput {
  if (text.trim() === '') return { kind: 'none' };
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'bad' };
  }
}
