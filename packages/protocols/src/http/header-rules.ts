/** Which header names and values may leave the hub (RFC 9110 section 5, RFC 9112): nothing that could end a header or frame a body. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}$/;
// Tab and visible ASCII and Latin-1; never CR, LF or NUL.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Set by the client itself: a second opinion on length, framing or host is how requests are smuggled. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What is wrong with a header's name, or null. */
export function headerNameProblem(name: string): string | null {
  if (!TOKEN.test(name)) return 'expected a header name of letters, digits and dashes';
  return RESERVED.has(name.toLowerCase()) ? 'this header is set by the hub itself' : null;
}

/** What is wrong with a header's value, or null. The value is not quoted: it may be a secret. */
export function headerValueProblem(value: string): string | null {
  return VALUE.test(value) ? null : 'a header value may not contain line breaks, NUL or characters beyond Latin-1';
}

/** What is wrong with a set of headers, or null. */
export function headersProblem(headers: Readonly<Record<string, string>>): string | null {
  for (const name of Object.keys(headers)) {
    const problem = headerNameProblem(name) ?? headerValueProblem(headers[name] ?? '');
    if (problem !== null) return `header ${TOKEN.test(name) ? name : '(name not shown)'}: ${problem}`;
  }
  return null;
}

/** A copy with one header set, whatever the case of its name was before. */
export function withHeader(headers: Readonly<Record<string, string>>, name: string, value: string): Record<string, string> {
  const lower = name.toLowerCase();
  const copy: Record<string, string> = {};
  for (const key of Object.keys(headers)) if (key.toLowerCase() !== lower) copy[key] = headers[key] ?? '';
  copy[name] = value;
  return copy;
}

/** The value of a header whatever the case of its name. */
export function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  const lower = name.toLowerCase();
  for (const key of Object.keys(headers)) if (key.toLowerCase() === lower) return headers[key];
  return undefined;
}
