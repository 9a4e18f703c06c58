import { randomBytes } from 'node:crypto';
import { isHubError } from '@nave/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer, type SealerOptions } from './create-sealer.ts';
import { type DataKeyStore, rewrapDataKey, type StoredDataKey } from './data-key.ts';
import { openText, sealText } from './seal-text.ts';

const MASTER = Buffer.alloc(32, 1);
const DAY_MS = 86_400_000;
const AT = Date.UTC(2026, 10, 21, 12);

function memoryKeys() {
  const rows = new Map<number, StoredDataKey>();
  const calls = { getOrCreate: 0, byId: 0 };
  let fails = false;
  const store: DataKeyStore = {
    async getOrCreate(scope, day, wrapped) {
      calls.getOrCreate++;
      if (fails) throw new Error('store down');
      const found = [...rows.values()].find((row) => row.scope === scope && row.day === day);
      if (found) return found;
      const row = { id: rows.size + 1, scope, day, wrapped: wrapped() };
      rows.set(row.id, row);
      return row;
    },
    async byId(id) {
      calls.byId++;
      if (fails) throw new Error('store down');
      return rows.get(id) ?? null;
    },
  };
  return {
    rows,
    calls,
    store,
    fail: (value: boolean) => {
      fails = value;
    },
  };
}

function setUp(more: Partial<SealerOptions> = {}, keys = memoryKeys()) {
  return { ...keys, sealer: createSealer({ masterKey: MASTER, dataKeys: keys.store, random: randomBytes, ...more }) };
}

const codeOf = async (promise: Promise<unknown>) => {
  try {
    await promise;
    return 'opened';
  } catch (error) {
    return isHubError(error) ? error.code : `not a HubError: ${error}`;
  }
};

describe('sealing', () => {
  it('opens what it sealed, of every size, in this process and in another', async () => {
    const { sealer, store } = setUp();
    const other = createSealer({ masterKey: MASTER, dataKeys: store, random: randomBytes });
    const key = await sealer.keyFor('spoke:shop', AT);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          fc.string({ maxLength: 5_000 }).map((text) => Buffer.from(text.repeat(40))),
        ),
        fc.string(),
        async (plain, context) => {
          const sealed = key.seal(plain, context);
          for (const each of [sealer, other]) expect(Buffer.from(await each.open(sealed, context)).equals(plain)).toBe(true);
        },
      ),
    );
  });

  it('lays the bytes out as documented and never uses a nonce twice', async () => {
    const { sealer } = setUp();
    const key = await sealer.keyFor('spoke:shop', AT);
    const nonces = new Set<string>();
    for (let i = 0; i < 1_000; i++) {
      const sealed = Buffer.from(key.seal(Buffer.from('abc'), 'c'));
      expect([sealed[0], sealed[1], sealed.readUInt32BE(2), sealed.length]).toEqual([1, 0, 1, 6 + 12 + 3 + 16]);
      nonces.add(sealed.subarray(6, 18).toString('hex'));
    }
    expect(nonces.size).toBe(1_000);
  });

  it('compresses above 2 KB when that saves a tenth', async () => {
    const { sealer } = setUp();
    const key = await sealer.keyFor('spoke:shop', AT);
    const flagAndSize = (plain: Uint8Array) => {
      const sealed = key.seal(plain, 'c');
      return { flag: sealed[1], smaller: sealed.length < plain.length };
    };
    expect(flagAndSize(Buffer.alloc(2_048, 'a'))).toEqual({ flag: 0, smaller: false });
    expect(flagAndSize(Buffer.alloc(2_049, 'a'))).toEqual({ flag: 1, smaller: true });
    expect(flagAndSize(randomBytes(10_000))).toEqual({ flag: 0, smaller: false });
  });

  it('keeps larger values than it would decompress as they are', async () => {
    const { sealer } = setUp();
    const key = await sealer.keyFor('spoke:shop', AT);
    const large = Buffer.alloc(64 * 1024 * 1024 + 1);
    expect((await sealer.open(key.seal(large, 'c'), 'c')).length).toBe(large.length);
  });

  it('does not open under another context, or when any byte was altered', async () => {
    const { sealer } = setUp();
    const key = await sealer.keyFor('spoke:shop', AT);
    for (const plain of [Buffer.from('abc'), Buffer.alloc(2_000, 'a')]) {
      const sealed = key.seal(plain, 'message:1');
      expect(await codeOf(sealer.open(sealed, 'message:2'))).toBe('seal.key');
      expect(await codeOf(sealer.open(sealed, ''))).toBe('seal.key');
      for (let at = 0; at < sealed.length; at++) {
        const altered = Uint8Array.from(sealed);
        altered[at] = (altered[at] ?? 0) ^ 1;
        expect(await codeOf(sealer.open(altered, 'message:1'))).toMatch(/^seal\.(key|destroyed)$/);
      }
    }
  });

  it('refuses any other bytes as a value', async () => {
    const { sealer } = setUp();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.boolean(), async (bytes, looksRight) => {
        expect(await codeOf(sealer.open(looksRight ? Uint8Array.of(1, 1, 0, 0, 0, 1, ...bytes) : bytes, 'c'))).toBe('seal.key');
      }),
    );
  });

  it('seals texts', async () => {
    const { sealer } = setUp();
    const sealed = sealText(await sealer.keyFor('secrets', AT), '{"token":"ž"}', 'spoke:shop');
    expect(Buffer.from(sealed).includes('token')).toBe(false);
    expect(await openText(sealer, sealed, 'spoke:shop')).toBe('{"token":"ž"}');
  });
});

describe('data keys', () => {
  it('are one per scope and UTC day, and one for all secrets', async () => {
    const { sealer, rows } = setUp();
    await sealer.keyFor('spoke:shop', AT);
    await sealer.keyFor('spoke:shop', AT + DAY_MS / 2 - 1);
    await sealer.keyFor('spoke:shop', AT + DAY_MS / 2);
    await sealer.keyFor('spoke:erp', AT);
    await sealer.keyFor('secrets', AT);
    await sealer.keyFor('secrets', AT + 400 * DAY_MS);
    expect([...rows.values()].map(({ scope, day }) => `${scope} ${day}`)).toEqual([
      'spoke:shop 2026-11-21',
      'spoke:shop 2026-11-22',
      'spoke:erp 2026-11-21',
      'secrets 1970-01-01',
    ]);
  });

  it('are asked of the store once, also by many at the same time', async () => {
    const { sealer, calls, store } = setUp();
    const keys = await Promise.all(Array.from({ length: 50 }, () => sealer.keyFor('spoke:shop', AT)));
    expect(new Set(keys).size).toBe(1);
    expect(sealer.keyFor('spoke:shop', AT)).toBe(sealer.keyFor('spoke:shop', AT + 1));
    expect(calls).toEqual({ getOrCreate: 1, byId: 0 });
    const sealed = keys[0]?.seal(Buffer.from('x'), 'c') ?? new Uint8Array(0);
    const other = createSealer({ masterKey: MASTER, dataKeys: store, random: randomBytes });
    await Promise.all(Array.from({ length: 50 }, () => other.open(sealed, 'c')));
    expect(calls.byId).toBe(1);
  });

  it('are asked for again after the store failed, whose own error is passed on', async () => {
    const { sealer, fail } = setUp();
    fail(true);
    await expect(sealer.keyFor('spoke:shop', AT)).rejects.toThrow('store down');
    fail(false);
    await expect(sealer.keyFor('spoke:shop', AT)).resolves.toBeDefined();
  });

  it('are taken from the process that was faster', async () => {
    const keys = memoryKeys();
    const [one, two] = [setUp({}, keys).sealer, setUp({}, keys).sealer];
    const sealed = (await one.keyFor('spoke:shop', AT)).seal(Buffer.from('x'), 'c');
    await two.keyFor('spoke:shop', AT);
    expect(await codeOf(two.open(sealed, 'c'))).toBe('opened');
    expect(keys.rows.size).toBe(1);
  });

  it('never stand in the store in clear', async () => {
    const given: Uint8Array[] = [];
    const random = (n: number) => {
      const bytes = randomBytes(n);
      given.push(bytes);
      return bytes;
    };
    const { sealer, rows } = setUp({ random });
    await sealer.keyFor('spoke:shop', AT);
    const dataKey = given.find(({ length }) => length === 32);
    expect(dataKey).toBeDefined();
    expect(Buffer.from(rows.get(1)?.wrapped ?? []).includes(Buffer.from(dataKey ?? []))).toBe(false);
  });

  it('make their values unreadable when destroyed, in every process within a minute', async () => {
    const time = { now: 0 };
    const { sealer, rows, store, fail } = setUp({ now: () => time.now });
    const other = createSealer({ masterKey: MASTER, dataKeys: store, random: randomBytes, now: () => time.now });
    const sealed = (await sealer.keyFor('spoke:shop', AT)).seal(Buffer.from('x'), 'c');
    expect(await codeOf(other.open(sealed, 'c'))).toBe('opened');
    rows.delete(1);
    sealer.forget(1);
    expect(await codeOf(sealer.open(sealed, 'c'))).toBe('seal.destroyed');
    expect(await codeOf(other.open(sealed, 'c'))).toBe('opened');
    time.now = 60_000;
    fail(true);
    expect(await codeOf(other.open(sealed, 'c'))).toBe('opened');
    fail(false);
    time.now = 120_000;
    expect(await codeOf(other.open(sealed, 'c'))).toBe('seal.destroyed');
  });

  it('do not open in another place or under another secret key', async () => {
    const { sealer, rows, store } = setUp();
    const sealed = (await sealer.keyFor('spoke:shop', AT)).seal(Buffer.from('x'), 'c');
    expect(await codeOf(createSealer({ masterKey: Buffer.alloc(32, 2), dataKeys: store, random: randomBytes }).open(sealed, 'c'))).toBe(
      'seal.key',
    );
    const row = rows.get(1);
    if (row) rows.set(1, { ...row, scope: 'spoke:erp' });
    expect(await codeOf(createSealer({ masterKey: MASTER, dataKeys: store, random: randomBytes }).open(sealed, 'c'))).toBe('seal.key');
  });

  it('are wrapped anew for another secret key without touching what they sealed', async () => {
    const { sealer, rows, store } = setUp();
    const next = Buffer.alloc(32, 9);
    const sealed = (await sealer.keyFor('spoke:shop', AT)).seal(Buffer.from('x'), 'c');
    const between = createSealer({ masterKey: next, formerMasterKeys: [MASTER], dataKeys: store, random: randomBytes });
    expect(await codeOf(between.open(sealed, 'c'))).toBe('opened');
    const row = rows.get(1);
    if (row) rows.set(1, { ...row, wrapped: rewrapDataKey(row, MASTER, next, randomBytes) });
    const after = createSealer({ masterKey: next, dataKeys: store, random: randomBytes });
    expect(await codeOf(after.open(sealed, 'c'))).toBe('opened');
  });

  it('stay bounded in memory while scopes go by', async () => {
    const { sealer, calls } = setUp();
    for (let day = 0; day < 5_000; day++) await sealer.keyFor('spoke:shop', day * DAY_MS);
    const before = calls.getOrCreate;
    await sealer.keyFor('spoke:shop', 4_999 * DAY_MS);
    expect(calls.getOrCreate).toBe(before);
    await sealer.keyFor('spoke:shop', 0);
    expect(calls.getOrCreate).toBe(before + 1);
  });
});
