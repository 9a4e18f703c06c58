/** Values of a query; several are sent with commas (contract section 3), those left undefined are not sent. */
export type QueryValues = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** With the leading question mark; empty without values. */
export function queryString(values: QueryValues): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || (typeof value === 'object' && value.length === 0)) continue;
    query.set(name, typeof value === 'object' ? value.join(',') : String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
