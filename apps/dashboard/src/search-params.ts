/** What stands in the query of a URL: plain texts, so that links stay readable and can be written by hand. */

export type SearchTexts = Partial<Record<string, string>>;

export function parseSearch(query: string): SearchTexts {
  return Object.fromEntries(new URLSearchParams(query));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Picks the parameters a page knows; everything else is left out. */
export function knownSearch<const Names extends readonly string[]>(...names: Names) {
  return (search: Record<string, unknown>): Partial<Record<Names[number], string>> => {
    const known: Partial<Record<string, string>> = {};
    for (const name of names) {
      const value = search[name];
      if (value !== undefined && value !== null && value !== '') known[name] = String(value);
    }
    return known;
  };
}
