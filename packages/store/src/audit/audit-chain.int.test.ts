import { createHash, createHmac } from 'node:crypto';
import type { Clock, Logger } from '@nave/core';
import { type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createAuditSealer } from './audit-sealer.ts';
import type { CheckpointSigner } from './chain.ts';
import { sealOnce } from './seal.ts';
import { verifyAudit } from './verify.ts';
import { writeAudit } from './write-audit.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

let server: DisposableDatabase;
let db: Database;
let time: number;
const clock: Clock = { now: () => time };

/** Stands in for Ed25519: whoever has only the database cannot make these either. */
const signer: CheckpointSigner = {
  keyId: 'test',
  sign: (bytes) => createHmac('sha256', 'secret').update(bytes).digest(),
  verify: (bytes, signature, keyId) => keyId === 'test' && createHmac('sha256', 'secret').update(bytes).digest().equals(signature),
};

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

beforeEach(async () => {
  time = NOW;
  server = await disposableDatabase();
  db = openDatabase({ url: server.url, applicationName: 'test', hotConnections: 4, queryConnections: 4 });
});

afterEach(async () => {
  await db.close();
  await server.drop();
});

const seal = () => sealOnce({ db, clock, signer });
const verify = (options = {}) => verifyAudit(db, signer, options);

async function write(count: number, action = 'spoke.update'): Promise<void> {
  const entries = Array.from({ length: count }, (_, index) => ({
    atMs: NOW + index,
    actor: 'key:test',
    action,
    subject: `spoke:${index}`,
    detail: { b: 1, a: 'ü' },
  }));
  await writeAudit(db, entries);
}

async function chained(count: number): Promise<void> {
  await write(count);
  while ((await seal()).more);
}

function accepted(client: Pick<pg.ClientBase, 'query'>, messages: number): Promise<unknown> {
  const digest = createHash('sha256').update(String(messages)).digest();
  return client.query(`INSERT INTO accepted_count (at, messages, digest, runs) VALUES (now(), $1, $2, '{"r@2026-11-21T12:00": 1}')`, [
    messages,
    digest,
  ]);
}

describe('the sealer', () => {
  it('chains entries gaplessly from 1 and signs the head', async () => {
    await write(3);
    expect(await verify()).toEqual({ ok: true, entries: 0, head: null, unsealed: 3 });
    expect(await seal()).toMatchObject({ held: true, sealed: 3 });
    const rows = await db.prisma.audit.findMany({ orderBy: { id: 'asc' } });
    expect(rows.map(({ seq }) => seq)).toEqual([1n, 2n, 3n]);
    expect(await verify()).toMatchObject({ ok: true, entries: 3, head: { seq: 3 }, unsealed: 0 });
    expect(await seal()).toMatchObject({ sealed: 0 });
  });

  it('works only when there is something to seal', async () => {
    let looked = 0;
    let rounds = 0;
    const hot = new Proxy(db.hot, {
      get(pool, name) {
        if (name === 'query') looked += 1;
        const value = Reflect.get(pool, name);
        return typeof value === 'function' ? value.bind(pool) : value;
      },
    });
    const prisma = new Proxy(db.prisma, {
      get(client, name) {
        if (name === '$transaction') rounds += 1;
        return Reflect.get(client, name);
      },
    });
    const sealer = createAuditSealer({ db: { hot, prisma }, clock, signer, logger: silent });
    const settled = async () => {
      const wanted = looked + 2;
      await expect.poll(() => looked, { timeout: 10_000 }).toBeGreaterThanOrEqual(wanted);
      const before = rounds;
      // What is written elsewhere is nothing to seal.
      await db.hot.query('UPDATE config_version SET version = version');
      await expect.poll(() => looked, { timeout: 10_000 }).toBeGreaterThanOrEqual(wanted + 2);
      expect(rounds).toBe(before);
    };
    const sealed = (entries: number) => expect.poll(() => verify(), { timeout: 10_000 }).toMatchObject({ ok: true, entries, unsealed: 0 });
    sealer.start();
    await settled();
    await write(1);
    await sealed(1);
    await accepted(db.hot, 3);
    await sealed(2);
    await settled();
    // Seen only when it is committed, and by then older than what was sealed last.
    const late = new pg.Client({ connectionString: server.url });
    await late.connect();
    await late.query('BEGIN');
    await accepted(late, 4);
    await write(1);
    await expect.poll(() => verify(), { timeout: 10_000 }).toMatchObject({ ok: true, entries: 2, unsealed: 1 });
    await late.query('COMMIT');
    await late.end();
    await sealed(4);
    await settled();
    await sealer.close();
  }, 60_000);

  it('goes on by itself after a restore into a cluster whose transaction numbers start anew', async () => {
    const query = (statement: pg.QueryConfig) => {
      // What this process remembers is of the cluster before.
      return db.hot.query({ ...statement, values: ['5000000000'] });
    };
    const hot = new Proxy(db.hot, { get: (pool, name) => (name === 'query' ? query : Reflect.get(pool, name)) });
    const sealer = createAuditSealer({ db: { hot, prisma: db.prisma }, clock, signer, logger: silent });
    sealer.start();
    await write(1);
    await expect.poll(() => verify()).toMatchObject({ ok: true, entries: 1 });
    await accepted(db.hot, 4);
    await expect.poll(() => verify()).toMatchObject({ ok: true, entries: 2, unsealed: 0 });
    await sealer.close();
  }, 60_000);

  it('keeps one head per minute, and always the newest', async () => {
    for (let round = 0; round < 5; round++) {
      await chained(1);
      time += 20_000;
    }
    expect((await db.prisma.checkpoint.findMany({ orderBy: { seq: 'asc' } })).map(({ seq }) => seq)).toEqual([3n, 5n]);
    expect(await verify()).toMatchObject({ ok: true, entries: 5 });
  });

  it('leaves no gap and loses nothing while transactions of all ages commit and roll back around it', async () => {
    const clients = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const client = new pg.Client({ connectionString: server.url });
        await client.connect();
        return client;
      }),
    );
    const insert = (client: pg.Client, n: number) =>
      client.query(`INSERT INTO audit (at, actor, action, subject, detail) VALUES (now(), 'a', 'b.c', $1, '{}')`, [`s:${n}`]);
    for (let round = 0; round < 12; round++) {
      for (const [index, client] of clients.entries()) {
        // Each connection keeps its transaction open over a few rounds, so that commits come out of order.
        if ((round + index) % 3 === 0) await client.query('BEGIN');
        await insert(client, round * 10 + index);
        if ((round + index) % 3 === 2) {
          const keep = (round + index) % 2 === 0;
          await client.query(keep ? 'COMMIT' : 'ROLLBACK');
        }
      }
      await Promise.all([seal(), seal()]);
    }
    for (const client of clients) {
      await client.query('COMMIT');
      await client.end();
    }
    await seal();
    const committed = await db.prisma.audit.count();
    const seqs = (await db.prisma.audit.findMany({ orderBy: { seq: 'asc' }, select: { seq: true } })).map(({ seq }) => Number(seq));
    expect(seqs).toEqual(Array.from({ length: committed }, (_, index) => index + 1));
    expect(await verify()).toMatchObject({ ok: true, entries: committed, unsealed: 0 });
  });

  it('does not seal past a transaction that is still running', async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query(`INSERT INTO audit (at, actor, action, subject, detail) VALUES (now(), 'early', 'b.c', 's', '{}')`);
    await write(1);
    expect(await seal()).toMatchObject({ sealed: 0 });
    await client.query('COMMIT');
    await client.end();
    expect(await seal()).toMatchObject({ sealed: 2 });
    expect((await db.prisma.audit.findFirst({ where: { seq: 1n } }))?.actor).toBe('early');
  });

  it('lets two sealers at once do the work of one', async () => {
    await write(50);
    const results = await Promise.all([seal(), seal(), seal()]);
    expect(results.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(50);
    expect(await verify()).toMatchObject({ ok: true, entries: 50 });
  });

  it('covers every acceptance counter by exactly one digest, also of transactions that commit late', async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await accepted(db.hot, 3);
    await client.query('BEGIN');
    await accepted(client, 4);
    await accepted(db.hot, 5);
    await seal();
    await client.query('COMMIT');
    await client.end();
    await seal();
    await accepted(db.hot, 6);
    await seal();
    await seal();
    const details = (await db.prisma.audit.findMany({ where: { action: 'messages.accepted' } })).map(({ detail }) => detail);
    const messages = details.map((detail) => (typeof detail === 'object' && detail !== null ? Number(Reflect.get(detail, 'messages')) : 0));
    expect(messages.reduce((sum, count) => sum + count, 0)).toBe(18);
    expect(await verify()).toMatchObject({ ok: true, entries: details.length });
  });
});

it('digests counters in the form that entries of all versions have', async () => {
  await db.hot.query(`INSERT INTO accepted_count (at, messages, digest, runs) VALUES
    ('2026-11-21T12:00:00.010Z', 3, sha256('a'), '{"příjem@2026-11-21T12:00": 2, "a \\"b\\"@2026-11-21T12:00": 1, "@2026-11-21T12:00": 3}'),
    ('2026-11-21T00:00:00Z', 0, sha256('b'), '{}')`);
  await seal();
  const { rows } = await db.hot.query<{ id: string; xid: string; at: Date; messages: number; runs: string; digest: Buffer }>(
    'SELECT id, xid, at, messages, runs::text AS runs, digest FROM accepted_count ORDER BY id',
  );
  const hash = createHash('sha256');
  for (const { id, xid, at, messages, runs, digest } of rows)
    hash.update(`${id}\n${xid}\n${at.toISOString()}\n${messages}\n${runs}\n`).update(digest);
  const entry = await db.prisma.audit.findFirst({ where: { action: 'messages.accepted' } });
  const [first, last] = [rows[0]?.id, rows.at(-1)?.id];
  expect(entry?.detail).toMatchObject({ firstId: first, lastId: last, rows: 2, messages: 3, digest: hash.digest('base64') });
});

describe('verifying', () => {
  beforeEach(() => chained(10));

  const tampered: [string, string, number, RegExp][] = [
    ['a changed detail', `UPDATE audit SET detail = '{"b":2}' WHERE seq = 4`, 4, /changed/],
    ['a changed actor', `UPDATE audit SET actor = 'key:other' WHERE seq = 1`, 1, /changed/],
    ['a changed time', `UPDATE audit SET at = at + interval '1 second' WHERE seq = 10`, 10, /changed/],
    ['a changed hash', `UPDATE audit SET hash = sha256('x') WHERE seq = 5`, 5, /changed/],
    ['a deleted entry', `DELETE FROM audit WHERE seq = 7`, 7, /missing/],
    ['the first entry deleted', `DELETE FROM audit WHERE seq = 1`, 1, /missing/],
    ['a chain cut off at its end', `DELETE FROM audit WHERE seq > 8`, 9, /missing/],
    ['the whole chain deleted', `DELETE FROM audit`, 1, /missing/],
    ['an entry made unsealed again', `UPDATE audit SET seq = NULL, hash = NULL WHERE seq = 10`, 10, /missing/],
    [
      'entries swapped',
      `UPDATE audit SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4); UPDATE audit SET seq = -seq WHERE seq < 0`,
      3,
      /changed/,
    ],
    [
      'an entry appended',
      `INSERT INTO audit (at, actor, action, subject, detail, seq, hash) VALUES (now(), 'x', 'y.z', 's', '{}', 11, sha256('x'))`,
      11,
      /changed|checkpoint/,
    ],
    ['a forged checkpoint', `UPDATE checkpoint SET hash = sha256('x')`, 10, /signature/],
    ['the checkpoints deleted', `DELETE FROM checkpoint`, 1, /no signed checkpoint/],
  ];
  it.each(tampered)('names %s', async (_name, sql, seq, reason) => {
    expect(await verify()).toMatchObject({ ok: true, entries: 10, head: { seq: 10 } });
    await db.hot.query(sql);
    const verdict = await verify();
    expect(verdict).toMatchObject({ ok: false, firstBroken: seq, broken: { reason: expect.stringMatching(reason) } });
  });

  it('still names what was cut off after the sealer went on', async () => {
    await db.hot.query('DELETE FROM audit WHERE seq >= 9');
    await chained(3);
    expect(await verify()).toMatchObject({ ok: false, firstBroken: 9 });
  });

  it('still names a change of the last entry after the sealer went on', async () => {
    await db.hot.query(`UPDATE audit SET detail = '{}' WHERE seq = 10`);
    await chained(3);
    expect(await verify()).toMatchObject({ ok: false, firstBroken: 10 });
  });

  it('names a digest whose acceptance counters were changed or deleted', async () => {
    await accepted(db.hot, 3);
    await accepted(db.hot, 4);
    await seal();
    expect(await verify()).toMatchObject({ ok: true, entries: 11 });
    await db.hot.query('UPDATE accepted_count SET messages = 2 WHERE messages = 3');
    expect(await verify()).toMatchObject({ ok: false, firstBroken: 11, broken: { reason: expect.stringMatching(/accepted/) } });
    await db.hot.query('DELETE FROM accepted_count WHERE messages = 2');
    expect(await verify()).toMatchObject({ ok: false, firstBroken: 11 });
  });

  it('starts at a place or a moment, vouched for by the signed head before it', async () => {
    time += 120_000;
    await chained(5);
    expect(await verify({ fromSeq: 13 })).toMatchObject({ ok: true, entries: 3, head: { seq: 15 } });
    expect(await verify({ fromMs: NOW })).toMatchObject({ ok: true, entries: 15 });
    expect(await verify({ fromMs: NOW + 86_400_000 })).toMatchObject({ ok: true, entries: 15 });
    await db.hot.query(`UPDATE audit SET actor = 'x' WHERE seq = 14`);
    expect(await verify({ fromSeq: 13 })).toMatchObject({ ok: false, firstBroken: 14 });
  });
});
