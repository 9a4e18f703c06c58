/** A delivery id for schemes that sign a timestamp but carry no id: the same signature again is the same call again. */
import { createHash } from 'node:crypto';

/** The signature itself is not used, so that no valid one is kept in the database. */
export function replayIdOf(signature: string | Uint8Array): string {
  return `signature-${createHash('sha256').update(signature).digest('hex').slice(0, 40)}`;
}
