/** `$hash(text, algorithm, encoding)`: digests that other systems ask for as idempotency keys and checksums. */
import { hash } from 'node:crypto';
import { ExpressionFailure } from '../failure.ts';

const ALGORITHMS = new Set(['sha256', 'sha384', 'sha512', 'sha1', 'md5']);

/**
 * The digest of the UTF-8 bytes of `text`; `sha256` and `hex` unless told.
 * @throws ExpressionFailure T0410 when `text` is no string, N1005 and N1006 for an unknown algorithm or encoding
 */
export function digest(text: unknown, algorithm: unknown, encoding: unknown): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new ExpressionFailure('T0410', { index: 1 });
  const name = algorithm === undefined ? 'sha256' : algorithm;
  if (typeof name !== 'string' || !ALGORITHMS.has(name)) throw new ExpressionFailure('N1005');
  const form = encoding === undefined ? 'hex' : encoding;
  if (form !== 'hex' && form !== 'base64' && form !== 'base64url') throw new ExpressionFailure('N1006');
  return hash(name, text, form);
}
