/** Which headers a route may set on its answer. */

/** Of the connection (RFC 9110 section 7.6.1), of the hub, or what would let an answer act in the hub's own name. */
const RESERVED = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['content-length', 'date', 'set-cookie', 'content-security-policy', 'x-content-type-options', 'age', 'retry-after'],
  ...['strict-transport-security', 'clear-site-data', 'service-worker-allowed'],
]);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
// Tab and visible characters; what is beyond Latin-1 cannot be written (RFC 9110 section 5.5).
const VALUE = /^[\t\x20-\x7e\x80-\xff]{0,4096}$/;

/** True when a route may set a header of this name. */
export function isReplyHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return TOKEN.test(name) && !RESERVED.has(lower) && !lower.startsWith('x-nave-') && !lower.startsWith('access-control-');
}

/** The value of a header, or null when it cannot be one: nobody may smuggle a second header in. */
export function replyHeaderValue(value: unknown): string | null {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && VALUE.test(text) ? text : null;
}
