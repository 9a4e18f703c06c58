import { createHash } from 'node:crypto';
import type { Logger } from '@nave/core';
import type { StoredKey } from '@nave/store';
import { describe, expect, it } from 'vitest';
import { createKeyring } from './keyring.ts';

const hash = (key: string): Uint8Array => createHash('sha256').update(key).digest();
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

function stored(key: string, fields: Partial<StoredKey> = {}): StoredKey {
  const base = { id: `id of ${key}`, name: key, role: 'viewer', spokes: [], hash: hash(key), bootstrap: false };
  return { ...base, createdAt: new Date(0), expiresAt: null, lastUsedAt: null, ...fields };
}

function setUp(keys: StoredKey[]) {
  const state = { keys, now: 1_000, loads: 0, touched: [] as string[], fail: false };
  const repo = {
    async loadAll() {
      state.loads += 1;
      if (state.fail) throw new Error('down');
      return [...state.keys];
    },
    async touch(ids: readonly string[]) {
      state.touched.push(...ids);
    },
  };
  return { state, keyring: createKeyring({ repo, hash, clock: { now: () => state.now }, logger: silent }) };
}

describe('keyring', () => {
  it('knows stored keys and no others, and loads them once for many requests', async () => {
    const { state, keyring } = setUp([stored('right', { role: 'publish', spokes: ['shop'] })]);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => keyring.authenticate(i % 2 ? 'right' : `wrong ${i}`)));
    expect(answers.filter(Boolean)).toHaveLength(25);
    expect(answers[1]).toEqual({
      id: 'id of right',
      name: 'right',
      role: 'publish',
      spokes: ['shop'],
      label: 'key:right',
      expiresAt: null,
    });
    expect(state.loads).toBe(1);
    expect(await keyring.authenticate('')).toBeNull();
    expect(await keyring.authenticate('x'.repeat(10_000))).toBeNull();
  });

  it('refuses expired keys and roles it does not know', async () => {
    const { state, keyring } = setUp([stored('short', { expiresAt: new Date(2_000) }), stored('odd', { role: 'root' })]);
    expect(await keyring.authenticate('short')).not.toBeNull();
    state.now = 2_000;
    expect(await keyring.authenticate('short')).toBeNull();
    expect(await keyring.actorOfKey('id of short')).toBeNull();
    expect(await keyring.authenticate('odd')).toBeNull();
  });

  it('sees a revoked key at once after a reload, and within seconds without one', async () => {
    const { state, keyring } = setUp([stored('a'), stored('b')]);
    expect(await keyring.authenticate('a')).not.toBeNull();
    state.keys = [stored('b')];
    await keyring.reload();
    expect(await keyring.authenticate('a')).toBeNull();
    state.keys = [];
    state.now += 8_000;
    expect(await keyring.authenticate('b')).toBeNull();
  });

  it('goes on with the keys it has for a moment when they cannot be loaded, then says so', async () => {
    const { state, keyring } = setUp([stored('a')]);
    await keyring.authenticate('a');
    state.fail = true;
    state.now += 3_000;
    expect(await keyring.authenticate('a')).not.toBeNull();
    state.now += 6_000;
    await expect(keyring.authenticate('a')).rejects.toThrow('down');
  });

  it('remembers the last use of keys, seldom', async () => {
    const { state, keyring } = setUp([stored('a')]);
    for (let i = 0; i < 10; i++) await keyring.authenticate('a');
    expect(state.touched).toEqual([]);
    state.now += 60_000;
    await keyring.authenticate('a');
    expect(state.touched).toEqual(['id of a']);
  });
});
