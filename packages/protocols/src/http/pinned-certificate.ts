/** Certificate and public key pinning: what a server showed is compared with fingerprints that were written down before. */
import { createHash, type X509Certificate } from 'node:crypto';

/** What was expected and what was shown; none of it is secret. */
export interface PinMismatch {
  /** `host:port`. */
  target: string;
  expected: readonly string[];
  actual: readonly [certificate: string, publicKey: string];
}

/** A server showed a certificate that is not pinned: nothing was sent to it. */
export class PinMismatchError extends Error {
  readonly code = 'NAVE_PIN_MISMATCH';
  readonly mismatch: PinMismatch;

  constructor(mismatch: PinMismatch) {
    super(pinMismatchText(mismatch));
    this.mismatch = mismatch;
  }
}

/** One line that names what was shown in the form in which it can be pinned. */
export function pinMismatchText({ target, expected, actual }: PinMismatch): string {
  const shown = actual[0] === '' ? 'no certificate' : `${actual[0]} with the key ${actual[1]}`;
  return `TLS: ${target} showed ${shown}, pinned is ${expected.join(' or ')}`;
}

/** The fingerprints of a certificate (its DER bytes) and of its public key (SubjectPublicKeyInfo, as in RFC 7469), as they are written in `pins`. */
export function pinsOf(certificate: X509Certificate): readonly [certificate: string, publicKey: string] {
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  return [`cert-sha256:${sha256(certificate.raw)}`, `spki-sha256:${sha256(certificate.publicKey.export({ type: 'spki', format: 'der' }))}`];
}

/** Whether one of the pins names this certificate or its key. Only the server's own certificate counts, not those of its authorities. */
export function isPinned(pins: readonly string[], certificate: X509Certificate): boolean {
  const actual = pinsOf(certificate);
  return pins.some((pin) => actual.includes(normalPin(pin)));
}

/** One spelling for hex with and without colons and for base64. */
export function normalPin(pin: string): string {
  const [form = '', ...rest] = pin.split(':');
  const value = rest.join(':');
  if (value.length === 44) return `${form}:${Buffer.from(value, 'base64').toString('hex')}`;
  return `${form}:${value.replaceAll(':', '').toLowerCase()}`;
}
