/** The words of a fault without what we sent: a record that anyone may read must not repeat names, amounts or secrets. */
import { exactNumberText } from '@nave/adapter-kit';
import { REDACTED } from '@nave/protocols';

/** Shorter values would blot out innocent text. */
const LENGTH_MIN = 3;
const VALUES_MAX = 2_000;

/** Replaces secrets and every value of the input, longest first. */
export function withoutQuotes(text: string, secrets: readonly string[], input: unknown): string {
  let shown = text;
  for (const secret of secrets) if (secret.length > LENGTH_MIN) shown = shown.replaceAll(secret, REDACTED);
  const quoted = valuesOf(input).filter((value) => value.length >= LENGTH_MIN && shown.includes(value));
  for (const value of quoted.toSorted((a, b) => b.length - a.length)) shown = shown.replaceAll(value, '…');
  return shown;
}

function valuesOf(input: unknown): string[] {
  const found: string[] = [];
  const pending = [input];
  while (pending.length > 0 && found.length < VALUES_MAX) {
    const value = pending.pop();
    const number = typeof value === 'number' ? String(value) : exactNumberText(value);
    if (typeof value === 'string') found.push(value.trim());
    else if (number !== null) found.push(number);
    else if (typeof value === 'object' && value !== null) pending.push(...Object.values(value).slice(0, VALUES_MAX));
  }
  return found;
}
