/** One token per spoke for all processes of the hub: memory in front, a row of the database behind, and the lease of that row for whoever fetches. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenCache } from '@nave/adapter-kit';
import type { Clock, Logger, Sealer } from '@nave/core';
import { createTokenCache } from '@nave/protocols';
import type { TokenStore } from '@nave/store';
import { createSharedIssuer } from './shared-issuer.ts';

export interface SharedTokensDeps {
  store: TokenStore;
  sealer: Sealer;
  clock: Clock;
  logger: Logger;
  /** Names this process in leases. */
  owner: string;
  /** Keyed hash of what decides which token it is: the table must not help to guess secrets. At most 100 characters. */
  hashKey: (key: string) => string;
  pause?: (ms: number) => Promise<unknown>;
}

export interface SharedTokens {
  /** The same cache for every connection of a spoke in this process. */
  forSpoke(spoke: string): TokenCache;
}

/** Credentials of a spoke change rarely, and a kind needs one or two tokens. */
const ENTRIES_PER_SPOKE = 20;

export function createSharedTokens(deps: SharedTokensDeps): SharedTokens {
  const caches = new Map<string, TokenCache>();
  return {
    forSpoke(spoke) {
      const known = caches.get(spoke);
      if (known !== undefined) return known;
      const issuer = createSharedIssuer(spoke, { pause: sleep, ...deps });
      const cache = createTokenCache({ clock: deps.clock, entriesMax: ENTRIES_PER_SPOKE, issuer });
      caches.set(spoke, cache);
      return cache;
    },
  };
}
