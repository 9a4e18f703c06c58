/** Secrets that are made here and pasted into the other system; of most providers it is the other way round. */

const MAKES = new Set(['standard-webhooks', 'hmac', 'github', 'woocommerce', 'api-key', 'jwt']);
const BYTES = 32;

export function makesSecret(scheme: string): boolean {
  return MAKES.has(scheme);
}

/** Cryptographically random; `whsec_` and base64 where the scheme prescribes it (standardwebhooks.com), else hexadecimal. */
export function newSecret(scheme: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return scheme === 'standard-webhooks'
    ? `whsec_${btoa(String.fromCharCode(...bytes))}`
    : [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
