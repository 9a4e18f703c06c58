/** What is kept of an attempt, of whatever kind its spoke is: read with care, since each kind writes its own. */
export interface ExcerptPart {
  /** Such as `POST https://…` or `502`. */
  title: string | null;
  headers: Readonly<Record<string, string>>;
  body: string | null;
  contentType: string | null;
}

/** @returns null for a part that is not there */
export function excerptPart(excerpt: unknown, name: 'request' | 'response'): ExcerptPart | null {
  const part = fieldOf(excerpt, name);
  if (typeof part === 'string') return { title: null, headers: {}, body: part, contentType: null };
  if (typeof part !== 'object' || part === null) return null;
  const headers = textsOf(fieldOf(part, 'headers'));
  const line = fieldOf(part, 'line');
  const status = fieldOf(part, 'status');
  const title = typeof line === 'string' ? line : typeof status === 'number' ? String(status) : null;
  const known = new Set(['line', 'status', 'headers', 'body']);
  const others = Object.fromEntries(Object.entries(part).filter(([key]) => !known.has(key)));
  const body = fieldOf(part, 'body');
  const text = bodyOf(body === undefined && Object.keys(others).length > 0 ? others : body);
  const type = Object.entries(headers).find(([key]) => key.toLowerCase() === 'content-type')?.[1] ?? null;
  return { title, headers, body: text, contentType: type };
}

function bodyOf(body: unknown): string | null {
  if (body === undefined || body === null) return null;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typeof each === 'string' ? each : JSON.stringify(each)]));
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}
