/** Secrets of Standard Webhooks: `whsec_` and the key in base64. */
const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
const BYTES_MAX = 512;

/**
 * The key behind a secret, or null when the text is none. The prefix may be missing, padding too.
 * The specification recommends 24 to 64 bytes; others are taken as well, since the sender chooses and refusing them would only shut the sender out.
 */
export function standardWebhooksKey(secret: string): Uint8Array | null {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (text === '' || !BASE64.test(text)) return null;
  const key = Buffer.from(text, 'base64');
  return key.length > 0 && key.length <= BYTES_MAX ? key : null;
}
