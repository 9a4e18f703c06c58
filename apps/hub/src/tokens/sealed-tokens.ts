/** Tokens as they lie in the database: sealed like the credentials they were made from, bound to their place. */
import { isHubError, type Logger, type Sealer } from '@nave/core';
import type { TokenPlace } from '@nave/store';

export interface SealedTokens {
  /** Ready to seal without asking the database again. @throws HubError `store.unavailable` */
  prepare(atMs: number): Promise<(text: string, field: TokenField, place: TokenPlace) => Uint8Array>;
  /** Null where it cannot be opened any more: then it is as if there were none. @throws HubError `store.unavailable` */
  open(sealed: Uint8Array | null, field: TokenField, place: TokenPlace): Promise<string | null>;
}

export type TokenField = 'token' | 'kept';

const SCOPE = 'secrets';
const contextOf = (field: TokenField, { spoke, key }: TokenPlace): string => `spoke-token:${spoke}:${key}:${field}`;

export function createSealedTokens(sealer: Sealer, logger: Logger): SealedTokens {
  return {
    async prepare(atMs) {
      const key = await sealer.keyFor(SCOPE, atMs);
      return (text, field, place) => key.seal(Buffer.from(text, 'utf8'), contextOf(field, place));
    },
    async open(sealed, field, place) {
      if (sealed === null) return null;
      try {
        return Buffer.from(await sealer.open(sealed, contextOf(field, place))).toString('utf8');
      } catch (error) {
        if (!isHubError(error) || error.retryable) throw error;
        logger.error({ spoke: place.spoke, field, code: error.code }, 'a stored token cannot be opened and is fetched anew');
        return null;
      }
    },
  };
}
