/** The API keys of this process, in memory: thousands of requests a second are authenticated without the database. */

import type { Role } from '@nave/api-schema';
import type { Clock, Logger } from '@nave/core';
import { messageOf } from '@nave/core';
import type { KeyRepository, StoredKey } from '@nave/store';
import type { Actor } from './actor.ts';
import { roleOf } from './actor.ts';

export interface Keyring {
  /** The actor of a key, or null when it is unknown or expired. */
  authenticate(bearer: string): Promise<Actor | null>;
  /** The actor of a stored key by id (for sessions), or null when it is gone or expired. */
  actorOfKey(id: string): Promise<Actor | null>;
  /** Loads the keys anew; called after changes. */
  reload(): Promise<void>;
}

export interface KeyringOptions {
  repo: Pick<KeyRepository, 'loadAll' | 'touch'>;
  hash: (key: string) => Uint8Array;
  clock: Clock;
  logger: Logger;
}

/** Older than this, the keys are loaded anew beside the request; changes are told anyway, this is for a lost notice. */
const REFRESH_AFTER_MS = 2_000;
/** Older than this, requests wait for fresh keys. */
const STALE_AFTER_MS = 8_000;
/** How exactly `lastUsedAt` is kept. */
const TOUCH_EVERY_MS = 60_000;
const KEY_LENGTH_MAX = 512;

export function createKeyring({ repo, hash, clock, logger }: KeyringOptions): Keyring {
  let byHash = new Map<string, StoredKey>();
  let byId = new Map<string, StoredKey>();
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | null = null;
  const used = new Set<string>();
  let touchedAt = clock.now();

  async function load(): Promise<void> {
    const startedAt = clock.now();
    const keys = await repo.loadAll();
    byHash = new Map(keys.map((key) => [Buffer.from(key.hash).toString('base64'), key]));
    byId = new Map(keys.map((key) => [key.id, key]));
    loadedAt = startedAt;
  }

  function refresh(): Promise<void> {
    loading ??= load().finally(() => {
      loading = null;
    });
    return loading;
  }

  async function fresh(): Promise<void> {
    const ageMs = clock.now() - loadedAt;
    // Younger than nothing: the clock was set back, and a deleted key must not live on until it has caught up.
    if (ageMs >= STALE_AFTER_MS || ageMs < 0) return refresh();
    if (ageMs >= REFRESH_AFTER_MS) refresh().catch((error: unknown) => logger.warn({ reason: messageOf(error) }, 'keys not refreshed'));
  }

  function touch(id: string): void {
    used.add(id);
    if (Math.abs(clock.now() - touchedAt) < TOUCH_EVERY_MS) return;
    touchedAt = clock.now();
    const ids = [...used];
    used.clear();
    repo.touch(ids, new Date(touchedAt)).catch((error: unknown) => logger.warn({ reason: messageOf(error) }, 'last use of keys not kept'));
  }

  function actor(key: StoredKey | undefined): Actor | null {
    if (!key || (key.expiresAt !== null && key.expiresAt.getTime() <= clock.now())) return null;
    const role: Role | null = roleOf(key.role);
    if (role === null) return null;
    touch(key.id);
    return { id: key.id, name: key.name, role, spokes: key.spokes, label: `key:${key.name}`, expiresAt: key.expiresAt };
  }

  return {
    async authenticate(bearer) {
      if (bearer.length === 0 || bearer.length > KEY_LENGTH_MAX) return null;
      await fresh();
      return actor(byHash.get(Buffer.from(hash(bearer)).toString('base64')));
    },
    async actorOfKey(id) {
      await fresh();
      return actor(byId.get(id));
    },
    async reload() {
      // A load that began before the change may have missed it.
      if (loading) await loading.catch(() => undefined);
      await refresh();
    },
  };
}
