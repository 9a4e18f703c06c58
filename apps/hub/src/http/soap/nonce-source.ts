/** Nonces of WS-Security remembered by all hubs: a token of a window in which there is one. */
import type { TokenSource } from '@nave/core';
import type { NonceMemory } from '@nave/security';

/** Counts where rates are counted: Redis, else PostgreSQL, else this process alone. */
export function sharedNonces(tokens: Pick<TokenSource, 'take'>): NonceMemory {
  return {
    async firstUse(key, forMs) {
      const { granted } = await tokens.take(`nonce:${key}`, 1, { limit: 1, perMs: forMs, smooth: false });
      return granted === 1;
    },
  };
}
