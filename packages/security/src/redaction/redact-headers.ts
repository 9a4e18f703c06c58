/** Headers for records and logs: names stay, secret values go. */

/** What stands where a secret was. */
export const REDACTED = '[redacted]';

/**
 * A copy of the headers in which the values of the named ones are replaced.
 * @param names in any case
 */
export function redactHeaders(headers: Readonly<Record<string, string>>, names: Iterable<string>): Record<string, string> {
  const hidden = new Set<string>();
  for (const name of names) hidden.add(name.toLowerCase());
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, hidden.has(name.toLowerCase()) ? REDACTED : value]));
}
