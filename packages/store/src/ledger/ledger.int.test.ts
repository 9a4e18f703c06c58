import { createHmac, randomBytes } from 'node:crypto';
import { type Clock, deriveUuid, type NewDelivery, uuidV7 } from '@nave/core';
import { buildDelivery, buildMessage, buildRecord, type DisposableDatabase, disposableDatabase, recordingLogger } from '@nave/testkit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointSigner } from '../audit/chain.ts';
import { sealOnce } from '../audit/seal.ts';
import { verifyAudit } from '../audit/verify.ts';
import { type Database, openDatabase } from '../database.ts';
import { createMessageStore } from '../hot/message-store.ts';
import { insertRuns } from '../replay/insert-runs.ts';
import { listDifferences } from './differences.ts';
import { foldCounters } from './fold-counters.ts';
import { ledgerReport } from './ledger-report.ts';
import { changingMinutes } from './ledger-state.ts';
import { followLedger, patrolLedger } from './ledger-turn.ts';
import { verifyLedger } from './ledger-verify.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let server: DisposableDatabase;
let db: Database;
let time: number;
const clock: Clock = { now: () => time };
const signer: CheckpointSigner = {
  keyId: 'test',
  sign: (bytes) => createHmac('sha256', 'secret').update(bytes).digest(),
  verify: (bytes, signature, keyId) => keyId === 'test' && createHmac('sha256', 'secret').update(bytes).digest().equals(signature),
};

beforeEach(async () => {
  // A whole minute of today, so that partitions are there.
  time = Math.floor(Date.now() / MINUTE) * MINUTE;
  server = await disposableDatabase();
  db = openDatabase({ url: server.url, applicationName: 'test', hotConnections: 2, queryConnections: 4 });
});
afterEach(async () => {
  await db.close();
  await server.drop();
});

const deps = () => ({ db, clock, signer, logger: recordingLogger() });
const store = () => createMessageStore(db.hot);
const query = (text: string, values: unknown[] = []) => db.hot.query(text, values);

async function accept(atMs: number, deliveries: (id: string) => NewDelivery[], unrouted = false): Promise<string> {
  const id = uuidV7(atMs, randomBytes(10));
  await store().accept(
    [buildMessage(id, { deliveries: deliveries(id), unrouted, idempotencyKeys: [`key ${id}`], idempotencyExpiresAtMs: atMs + 7 * DAY })],
    atMs,
  );
  return id;
}
const one =
  (route = 'invoices') =>
  (id: string) => [buildDelivery(id, { route })];

/** Whatever the machine is busy with, a turn gets to the end. */
const PATIENCE_MS = 60_000;

/** Follows and patrols until everything was looked at. */
async function lookAtAll(): Promise<void> {
  await followLedger(deps());
  await patrolLedger(deps(), PATIENCE_MS);
  time += 11 * MINUTE;
  await followLedger(deps());
  for (let turn = 0; turn < 9; turn++) await patrolLedger(deps(), PATIENCE_MS);
}
const standing = () => listDifferences(db.prisma, 0, time + DAY, true);
const report = (windowMs = HOUR) => ledgerReport(db, time, windowMs);
const verdict = () => verifyLedger(db, 0, time, { patienceMs: 10_000, now: Date.now });

describe('the ledger', () => {
  it('says of every minute and route what became of what was accepted', async () => {
    const at = time - 10 * MINUTE;
    await accept(at, one());
    await accept(at + MINUTE, (id) => [buildDelivery(id), buildDelivery(id, { route: 'crm', state: 'skipped', reason: 'filtered' })]);
    await accept(at + MINUTE, () => [], true);
    await followLedger(deps());
    const { lines, messages, differences, checkedUntilMs } = await report();
    expect(differences).toEqual([]);
    expect(messages).toEqual({ accepted: 3, found: 3, unchecked: 0 });
    expect(
      lines.map(({ route, minuteMs, accepted, found, waiting, filtered }) => ({ route, minuteMs, accepted, found, waiting, filtered })),
    ).toEqual([
      { route: 'crm', minuteMs: at + MINUTE, accepted: 1, found: 1, waiting: 0, filtered: 1 },
      { route: 'invoices', minuteMs: at + MINUTE, accepted: 1, found: 1, waiting: 1, filtered: 0 },
      { route: 'invoices', minuteMs: at, accepted: 1, found: 1, waiting: 1, filtered: 0 },
    ]);
    expect(checkedUntilMs).toBe(time - 2 * MINUTE);
    const [long] = (await report(30 * DAY)).lines.filter(({ route }) => route === 'invoices');
    expect(long).toMatchObject({ accepted: 2, found: 2, waiting: 2, minuteMs: null });
  });

  it('finds a deleted delivery with its minute and message, and sees when it is back', async () => {
    const at = time - 10 * MINUTE;
    const id = await accept(at, one());
    await accept(at, one());
    await lookAtAll();
    expect(await standing()).toEqual([]);
    await query('CREATE TABLE kept AS SELECT * FROM delivery WHERE message_id = $1', [id]);
    await query('DELETE FROM delivery WHERE message_id = $1', [id]);
    await lookAtAll();
    const found = await standing();
    expect(found).toMatchObject([{ kind: 'runs', route: 'invoices', accepted: 2, found: 1, messageIds: [id] }]);
    expect(found[0]?.from.getTime()).toBe(at);
    expect(found[0]?.to.getTime()).toBe(at + MINUTE);
    expect(await verdict()).toMatchObject({
      done: true,
      runs: { accepted: 2, found: 1 },
      differences: [{ route: 'invoices', messageIds: [id] }],
    });
    await query('INSERT INTO delivery SELECT * FROM kept');
    await lookAtAll();
    expect(await standing()).toEqual([]);
    expect(await verdict()).toMatchObject({ differences: [] });
  });

  it('finds a deleted message by what is left of it', async () => {
    const id = await accept(time - 10 * MINUTE, one());
    await query('DELETE FROM message WHERE id = $1', [id]);
    await lookAtAll();
    expect(await standing()).toMatchObject([{ kind: 'messages', route: '', accepted: 1, found: 0, messageIds: [id] }]);
  });

  it('names for each minute what is gone from it, and messages apart from runs', async () => {
    const at = time - 10 * MINUTE;
    const unkeyed = uuidV7(at, randomBytes(10));
    await store().accept([buildMessage(unkeyed, { deliveries: one()(unkeyed) })], at);
    const [sameMinute, later] = [await accept(at, one()), await accept(at + 3 * MINUTE, one())];
    await query('DELETE FROM message WHERE id = $1', [unkeyed]);
    await query('DELETE FROM delivery WHERE message_id = ANY($1)', [[sameMinute, later]]);
    await followLedger(deps());
    expect((await verdict()).differences.map(({ kind, from, messageIds }) => ({ kind, minute: from.getTime(), messageIds }))).toEqual([
      { kind: 'messages', minute: at, messageIds: [unkeyed] },
      { kind: 'runs', minute: at, messageIds: [sameMinute] },
      { kind: 'runs', minute: at + 3 * MINUTE, messageIds: [later] },
    ]);
  });

  it('finds a message that is gone with all its deliveries, by its idempotency key', async () => {
    const id = await accept(time - 10 * MINUTE, one());
    await query('DELETE FROM message WHERE id = $1', [id]);
    await query('DELETE FROM delivery WHERE message_id = $1', [id]);
    await lookAtAll();
    expect((await standing()).map(({ kind, messageIds }) => ({ kind, messageIds }))).toEqual(
      expect.arrayContaining([
        { kind: 'messages', messageIds: [id] },
        { kind: 'runs', messageIds: [id] },
      ]),
    );
  });

  it('finds an unrouted message that is gone', async () => {
    const id = await accept(time - 10 * MINUTE, () => [], true);
    await query('DELETE FROM message WHERE id = $1', [id]);
    await lookAtAll();
    expect(await standing()).toMatchObject([{ kind: 'messages', accepted: 1, found: 0, messageIds: [id] }]);
  });

  it('finds a whole day that is gone, tables and all', async () => {
    const day = Math.floor(time / DAY) * DAY - 3 * DAY;
    await query('SELECT nave_make_partitions($1::date)', [new Date(day).toISOString().slice(0, 10)]);
    for (let hour = 0; hour < 24; hour += 6) await accept(day + hour * HOUR, one());
    await lookAtAll();
    expect(await standing()).toEqual([]);
    const suffix = new Date(day).toISOString().slice(0, 10).replaceAll('-', '');
    await query(`DROP TABLE message_${suffix}, delivery_${suffix}, attempt_${suffix}, message_key_${suffix}`);
    await lookAtAll();
    const found = await standing();
    expect(found).toMatchObject(
      [
        { kind: 'messages', accepted: 4, found: 0 },
        { kind: 'runs', accepted: 4, found: 0 },
      ]
        .reverse()
        .sort(() => 0),
    );
    for (const { from, to } of found) {
      expect(from.getTime()).toBe(day);
      expect(to.getTime()).toBe(day + 18 * HOUR + MINUTE);
    }
  });

  it('finds acceptance counters that were deleted: before they are part of the ledger as a surplus, after that by the audit chain', async () => {
    await accept(time - 10 * MINUTE, one());
    await query('DELETE FROM accepted_count');
    await lookAtAll();
    expect(await standing()).toMatchObject([
      { kind: 'runs', accepted: 0, found: 1 },
      { kind: 'messages', accepted: 0, found: 1 },
    ]);
    await accept(time - 10 * MINUTE, one('later'));
    await sealOnce(deps());
    await lookAtAll();
    await query('DELETE FROM accepted_count');
    await lookAtAll();
    expect(await standing()).toMatchObject([{ kind: 'counters', accepted: 1, found: 0 }, { kind: 'runs' }, { kind: 'messages' }]);
  });

  it('counts the runs of replays in the minute of the replay', async () => {
    const id = await accept(time - 20 * MINUTE, one());
    const at = time - 10 * MINUTE;
    const replay = uuidV7(at, randomBytes(10));
    const delivery = { ...buildDelivery(id), id: deriveUuid(replay, 'again', id) };
    await db.prisma.$transaction((tx) => insertRuns(tx, replay, [{ messageId: id, source: 'shop', delivery }], at));
    await lookAtAll();
    expect(await standing()).toEqual([]);
    await query('DELETE FROM delivery WHERE replay_id = $1', [replay]);
    await lookAtAll();
    expect(await standing()).toMatchObject([{ kind: 'runs', accepted: 1, found: 0, from: new Date(at) }]);
  });

  it('takes a run for lost whose next step is missing', async () => {
    await query(
      `INSERT INTO route_version (route, version, spec, created_at, created_by) VALUES ('invoices', 1, '{"steps": [{}, {}, {}]}', now(), 'test')`,
    );
    const id = await accept(time - 10 * MINUTE, one());
    const [claimed] = await store().claim([buildDelivery(id).id], 'me', 20_000);
    if (claimed === undefined) throw new Error('not claimed');
    const next = {
      ...buildDelivery(id, { step: 1 }),
      messageId: id,
      source: 'shop',
      createdAtMs: time - 10 * MINUTE,
      replayId: null,
      replayOf: null,
    };
    await store().record([buildRecord(claimed, { next })]);
    await lookAtAll();
    expect(await standing()).toEqual([]);
    await query('DELETE FROM delivery WHERE step = 1');
    await lookAtAll();
    expect(await standing()).toMatchObject([{ kind: 'runs', accepted: 1, found: 0, messageIds: [id] }]);
  });

  it('is not mistaken about what is being accepted while it looks', async () => {
    const stop = { now: false };
    const accepting = (async () => {
      for (let n = 0; !stop.now && n < 300; n++) await accept(time - 5 * MINUTE, one());
    })();
    for (let n = 0; n < 10; n++) {
      await followLedger(deps());
      await patrolLedger(deps(), PATIENCE_MS);
      expect((await report()).differences).toEqual([]);
      expect(await standing()).toEqual([]);
    }
    stop.now = true;
    await accepting;
    await lookAtAll();
    expect(await standing()).toEqual([]);
  });

  it('goes on after a restore into a cluster whose transaction numbers start anew', async () => {
    await accept(time - 10 * MINUTE, one());
    await foldCounters(db);
    await accept(time - 9 * MINUTE, one());
    await query('UPDATE accepted_count SET xid = xid + 5000000000');
    await query('UPDATE ledger_state SET folded_xid = folded_xid + 5000000000');
    await lookAtAll();
    await accept(time - 8 * MINUTE, one());
    await lookAtAll();
    expect(await standing()).toEqual([]);
    expect((await report(7 * DAY)).messages).toEqual({ accepted: 3, found: 3, unchecked: 0 });
  });
});

describe('rolling counters up', () => {
  it('deletes them two days later, and both the ledger and the audit stay whole', async () => {
    for (let n = 0; n < 3; n++) {
      await accept(time - 10 * MINUTE, one());
      await sealOnce(deps());
    }
    await lookAtAll();
    expect((await query('SELECT 1 FROM accepted_count')).rowCount).toBe(3);
    time += 2 * DAY;
    await lookAtAll();
    expect((await query('SELECT 1 FROM accepted_count')).rowCount).toBe(0);
    // Before the entry of the roll-up is sealed, and after.
    expect(await verifyAudit(db, signer)).toMatchObject({ ok: true });
    await sealOnce(deps());
    expect(await verifyAudit(db, signer)).toMatchObject({ ok: true, unsealed: 0 });
    expect((await report(7 * DAY)).messages).toEqual({ accepted: 3, found: 3, unchecked: 0 });
    expect(await standing()).toEqual([]);
  });

  it('does not take a forged roll-up for one', async () => {
    await accept(time - 10 * MINUTE, one());
    await sealOnce(deps());
    await query('DELETE FROM accepted_count');
    await query(`INSERT INTO audit (at, actor, action, subject, detail) VALUES (now(), 'hub', 'ledger.rolledup', 'ledger',
      '{"fromSeq": 1, "toSeq": 1, "spans": 1, "rows": 1, "messages": 1, "days": {}, "digest": "", "keyId": "test", "signature": "AAAA"}')`);
    await sealOnce(deps());
    expect(await verifyAudit(db, signer)).toMatchObject({ ok: false, firstBroken: 1 });
  });

  it('keeps counters that were changed as evidence', async () => {
    await accept(time - 10 * MINUTE, one());
    await sealOnce(deps());
    await accept(time - 10 * MINUTE, one());
    await sealOnce(deps());
    await query('UPDATE accepted_count SET messages = 7 WHERE id = (SELECT min(id) FROM accepted_count)');
    time += 2 * DAY;
    await lookAtAll();
    expect((await query('SELECT messages FROM accepted_count')).rows).toEqual([{ messages: 7 }]);
    expect(await verifyAudit(db, signer)).toMatchObject({ ok: false, firstBroken: 1 });
  });

  it('finds a day of the ledger that was lowered together with its rows', async () => {
    const id = await accept(time - 10 * MINUTE, one());
    await sealOnce(deps());
    time += 3 * DAY;
    await lookAtAll();
    for (const [table, column] of [
      ['message', 'id'],
      ['delivery', 'message_id'],
    ])
      await query(`DELETE FROM ${table} WHERE ${column} = $1`, [id]);
    await query('DELETE FROM ledger_minute');
    await lookAtAll();
    expect(await standing()).toMatchObject([{ kind: 'counters', accepted: 2, found: 0 }]);
  });
});

describe('whatever happens to runs', () => {
  it('accepted stays the sum of all states', async () => {
    const outcome = fc.constantFrom('succeeded' as const, 'dead' as const, 'retrying' as const, 'unknown' as const, 'active' as const);
    const life = fc.record({
      routes: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
      filtered: fc.boolean(),
      minute: fc.integer({ min: 0, max: 3 }),
      outcomes: fc.array(outcome, { maxLength: 3 }),
    });
    const base = time - 30 * MINUTE;
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 6 }), async (lives) => {
        for (const { routes, filtered, minute, outcomes } of lives) {
          const filter = filtered ? ({ state: 'skipped', reason: 'filtered' } as const) : {};
          const id = await accept(
            base + minute * MINUTE,
            (message) => routes.map((route) => buildDelivery(message, { route, ...filter })),
            routes.length === 0,
          );
          const claimed = filtered
            ? []
            : await store().claim(
                routes.map((route) => buildDelivery(id, { route }).id),
                'me',
                20_000,
              );
          const records = claimed.flatMap((each, n) => {
            const state = outcomes[n] ?? 'active';
            return state === 'active' ? [] : [buildRecord(each, { state, delayMs: state === 'retrying' ? 1_000 : null })];
          });
          await store().record(records);
        }
        const { lines, messages, differences } = await report();
        expect(differences).toEqual([]);
        expect(messages.accepted).toBe(messages.found);
        for (const { accepted, found, route: _route, minuteMs: _minute, unchecked, ...states } of lines) {
          expect(unchecked).toBe(0);
          expect(accepted).toBe(found);
          expect(Object.values(states).reduce((sum, n) => sum + n, 0)).toBe(accepted);
        }
      }),
      { numRuns: 15 },
    );
    await lookAtAll();
    expect(await standing()).toEqual([]);
  });
});

it('counts what is under way again before what waits for a person, and little of either in one turn', async () => {
  const [dead, older, recent] = [time - 3 * DAY, time - 2 * DAY, time - 10 * MINUTE];
  const at = (ms: number) => new Date(ms).toISOString();
  for (const minute of [dead, older, recent])
    await query(`INSERT INTO ledger_minute (minute, route, accepted, found, open, checked_at) VALUES ($1, 'r', 1, 1, true, $2)`, [
      at(minute),
      at(time - HOUR + (dead - minute) / 1_000),
    ]);
  expect(await changingMinutes(db.prisma, 0, time, time)).toEqual([recent, older, dead]);
  expect(await changingMinutes(db.prisma, 0, older, time)).toEqual([dead]);
  // What was looked at within the last minute is left.
  await query('UPDATE ledger_minute SET checked_at = $1 WHERE minute = $2', [at(time - 1_000), at(recent)]);
  expect(await changingMinutes(db.prisma, 0, time, time)).toEqual([older, dead]);

  await query('UPDATE ledger_state SET started_at = $1, checked_until = $2, patrolled_until = $2', [at(dead), at(time)]);
  const looked = async () => (await query('SELECT count(*)::int AS n FROM ledger_minute WHERE checked_at = $1', [at(time)])).rows[0]?.n;
  await patrolLedger(deps(), 0);
  expect(await looked()).toBe(0);
  await patrolLedger(deps(), PATIENCE_MS);
  expect(await looked()).toBeGreaterThanOrEqual(2);
});
