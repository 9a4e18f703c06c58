/** Texts from outside (an error page, an exception of a driver) that may quote a secret we sent: known values are replaced before anybody reads them. */
import { REDACTED } from './redact-headers.ts';

/** Shorter values would blank out ordinary words and give nothing away that is worth it. */
const SECRET_CHARS_MIN = 4;

/** A mask for several texts with the same secrets: also finds them URL-encoded, JSON-escaped and in base64. */
export function createTextMask(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter((secret) => secret.length >= SECRET_CHARS_MIN).flatMap(formsOf));
  if (forms.size === 0) return (text) => text;
  // Longest first, so that a secret that contains another is replaced as a whole; one pass, so that a replacement is never searched again.
  const pattern = new RegExp(
    [...forms]
      .sort((a, b) => b.length - a.length)
      .map(escapeForRegExp)
      .join('|'),
    'g',
  );
  return (text) => text.replace(pattern, REDACTED);
}

/** Replaces every known secret value in a text with `[redacted]`. */
export function maskText(text: string, secrets: readonly string[]): string {
  return createTextMask(secrets)(text);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = encodeURIComponent(secret.toWellFormed());
  return [
    secret,
    encoded,
    encoded.replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ];
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
