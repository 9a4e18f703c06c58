/** Every hot statement is explained with partitions of several days and many finished rows behind it: none may read a partitioned table from end to end. */
import { type FlowStore, type MessageStore, type SweepStore, uuidV7 } from '@nave/core';
import { buildDelivery, buildMessage, buildRecord, type DisposableDatabase, disposableDatabase, seedHistory } from '@nave/testkit';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertFacts } from '../alerts/alert-facts.ts';
import { type Database, openDatabase } from '../database.ts';
import { createFlowStore } from '../flow/flow-store.ts';
import { extendLeases, mendImpossible, mendLeapBack } from './mend-clock.ts';
import { createMessageStore } from './message-store.ts';

const DAY = 86_400_000;
const HISTORY = 50_000;

let disposable: DisposableDatabase;
let db: Database;
let store: MessageStore & SweepStore;
let flows: FlowStore;
let count = 0;
let plans: { name: string; lines: string[] }[] = [];

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 1, queryConnections: 1 });
  const now = Date.now();
  await db.hot.query(`SELECT nave_make_partitions((now() AT TIME ZONE 'UTC')::date - d) FROM generate_series(1, 5) AS d`);
  // As much of today as of any day: what began a minute ago would be so small that it is read whole.
  const midnight = Math.floor(now / DAY) * DAY;
  await seedHistory(db.hot, { count: 0.8 * HISTORY, fromMs: midnight - 5 * DAY, toMs: midnight });
  await seedHistory(db.hot, { count: 0.2 * HISTORY, fromMs: midnight, toMs: Math.max(midnight + 1, now - 60_000) });
  await db.hot.query(
    `INSERT INTO idempotency (key, spoke, message_id, digest, expires_at)
     SELECT 'old-' || n, 'history', gen_random_uuid(), '\\x00', now() + n * interval '10 seconds' FROM generate_series(1, $1::int) AS n`,
    [HISTORY],
  );
  await db.hot.query(
    `INSERT INTO attempt (id, delivery_id, number, started_at, duration_ms, outcome, status, detail) SELECT id, id, 1, created_at, 5, 'ok', 200, '' FROM delivery`,
  );
  await db.hot.query(
    `INSERT INTO spoke (name, kind, title, enabled, version, spec, created_at, updated_at) SELECT 's' || n, 'rest', '', true, 1, '{}', now(), now() FROM generate_series(1, 20) AS n`,
  );
  await db.hot.query('ANALYZE');
  store = createMessageStore(explaining(db.hot));
  flows = createFlowStore(explaining(db.hot));
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});

/** Runs every statement as it is, and keeps the plans that the server makes for it. */
function explaining(pool: pg.Pool): pg.Pool {
  return new Proxy(pool, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name);
      return async (config: pg.QueryConfig) => {
        // For these values, and for any values: the pool keeps one plan for all.
        for (const [option, values] of [
          ['', config.values ?? []],
          ['(GENERIC_PLAN)', undefined],
        ] as const) {
          const { rows } = await target.query<{ 'QUERY PLAN': string }>({ text: `EXPLAIN ${option} ${config.text}`, values });
          plans.push({ name: config.name ?? '', lines: rows.map((row) => row['QUERY PLAN']) });
        }
        return target.query(config);
      };
    },
  });
}

function message() {
  count += 1;
  const entropy = Buffer.alloc(10);
  entropy.writeUInt32BE(count, 6);
  const id = uuidV7(Date.now(), entropy);
  return buildMessage(id, { idempotencyKeys: [`key-${count}`], deliveries: [buildDelivery(id, { spoke: 's1' })] });
}

function inLane(laneKey: string) {
  const one = message();
  return { ...one, deliveries: one.deliveries.map((delivery) => ({ ...delivery, laneKey })) };
}

/** Runs work and answers the plans of its statements. */
async function plansOf(work: () => Promise<unknown>): Promise<string[][]> {
  plans = [];
  await work();
  expect(plans.length).toBeGreaterThan(0);
  return plans.map(({ lines }) => lines);
}

/** Scans that read a table or an index from end to end: sequential ones, and those of an index without a condition on it. */
function wholeReads(lines: readonly string[]): string[] {
  return lines.filter((line, n) => {
    if (/Seq Scan on (message|delivery|attempt|idempotency|lane)/.test(line)) return true;
    const scan = /Index (?:Only )?Scan (?:Backward )?using (\S+) on (?:message|delivery|attempt|idempotency)/.exec(line);
    return scan !== null && !/Index Cond/.test(lines[n + 1] ?? '') && !/_due_idx|spoke_due_at|held_by_created_at/.test(scan[1] ?? '');
  });
}

async function claimedOne() {
  const one = message();
  await store.accept([one], Date.now());
  const [claimed] = await store.claim(
    one.deliveries.map(({ id }) => id),
    'me',
    30_000,
  );
  if (claimed === undefined) throw new Error('not claimed');
  return claimed;
}

/** How many rows the statements of some work read, also those within functions. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  // In a transaction nothing is reported meanwhile, so what this session has read only grows.
  const soFar = async () => {
    const { rows } = await db.hot.query<{ n: number }>(
      'SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int AS n FROM pg_stat_xact_user_tables',
    );
    return rows[0]?.n ?? 0;
  };
  await db.hot.query('BEGIN');
  const before = await soFar();
  await work();
  const read = (await soFar()) - before;
  await db.hot.query('COMMIT');
  return read;
}

describe('the hot statements read by index', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['accept', () => store.accept([message(), message()], Date.now())],
    ['claim', claimedOne],
    ['claimDue', () => store.claimDue('s1', 100, 'me', 30_000)],
    ['markSending', async () => store.markSending([await claimedOne()])],
    ['renew', async () => store.renew([await claimedOne()], 'me', 30_000)],
    ['record', async () => store.record([buildRecord(await claimedOne())])],
    [
      'stepOutputs',
      async () => {
        const { messageId, id } = await claimedOne();
        await store.stepOutputs(messageId, id, 'r', 1, 2, null);
      },
    ],
    ['ringDue', () => store.ringDue(200, 5_000)],
    ['waiting', () => store.waiting(200)],
    ['expireLeases', () => store.expireLeases()],
    ['mendLeapBack', () => mendLeapBack(explaining(db.hot), 3_600_000, 20_000)],
    ['extendLeases', () => extendLeases(explaining(db.hot), 20_000)],
    ['mendImpossible', () => mendImpossible(explaining(db.hot), 20_000)],
    ['holdPaused', () => store.holdPaused()],
    ['holdBroken', () => store.holdBroken()],
    ['undrained', () => flows.undrained()],
    ['release', () => flows.release('s1', 100)],
    ['relabel', () => flows.relabel('s1', 100)],
    ['probeCandidates', () => flows.probeCandidates('s1', 20)],
    ['makeDue', async () => flows.makeDue((await claimedOne()).id)],
    ['acceptInLanes', () => store.accept([inLane('k1'), inLane('k1'), inLane('k2')], Date.now())],
    ['mendLanes', () => store.mendLanes(1_000)],
    ['advanceLanes', () => store.advanceLanes([{ spoke: 's1', key: 'k1' }])],
    ['forgetExpired', () => store.forgetExpired(100)],
    ['alert dead', () => alertFacts(explaining(db.hot), { condition: 'dead', count: 1, windowMs: null }, Date.now())],
    ['alert dead within', () => alertFacts(explaining(db.hot), { condition: 'dead', count: 1, windowMs: 60_000 }, Date.now())],
    ['alert unknown', () => alertFacts(explaining(db.hot), { condition: 'unknown', count: 1 }, Date.now())],
    ['alert backlog', () => alertFacts(explaining(db.hot), { condition: 'backlog', olderThanMs: 60_000 }, Date.now())],
    [
      'alert error share',
      () => alertFacts(explaining(db.hot), { condition: 'errorShare', share: 0.5, minimum: 1, windowMs: 60_000 }, Date.now()),
    ],
    ['alert silent', () => alertFacts(explaining(db.hot), { condition: 'silent', factor: 1, minimumMs: 60_000 }, Date.now())],
  ])('%s', async (_name, work) => {
    for (const lines of await plansOf(work)) expect(wholeReads(lines), lines.join('\n')).toEqual([]);
  });

  it('opens only the partitions that can hold the ids it is given', async () => {
    const claimed = await claimedOne();
    const partition = `delivery_${new Date(claimed.createdAtMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
    plans = [];
    await store.renew([claimed], 'me', 30_000);
    const { rows } = await db.hot.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, TIMING OFF) SELECT 1 FROM delivery WHERE id = ANY(ARRAY['${claimed.id}'::uuid]) AND id >= '${claimed.id}' AND id <= '${claimed.id}'`,
    );
    const read = rows.map((row) => row['QUERY PLAN']).filter((line) => / on delivery_/.test(line) && !line.includes('never executed'));
    expect(read).toHaveLength(1);
    expect(read[0]).toContain(partition);
  });

  it('finds the next of a lane over its own index, from the day of its lane on', async () => {
    // The statements within the function are not seen by EXPLAIN of its call: this is the one that reads by more than an id.
    const { rows } = await db.hot.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT c.id FROM unnest(ARRAY['s1'], ARRAY['k1']) AS t(spoke, key) LEFT JOIN LATERAL (
         SELECT d.id FROM delivery d WHERE d.state = 'held' AND d.held_by = 'lane' AND d.spoke = t.spoke AND d.lane_key = t.key AND d.id >= nave_uuid_at(now())
         ORDER BY d.lane_seq, d.id LIMIT 1) AS c ON true`,
    );
    const lines = rows.map((row) => row['QUERY PLAN']);
    expect(wholeReads(lines), lines.join('\n')).toEqual([]);
    expect(lines.filter((line) => /using delivery_.*lane/.test(line)).length).toBeGreaterThan(0);
    expect(lines.filter((line) => /Sort /.test(line) && !/Sort Key/.test(line))).toEqual([]);
  });

  it('moves lanes on and mends them without reading all of 20,000 and their long queues', async () => {
    await db.hot.query(
      `INSERT INTO lane (spoke, key, head, low) SELECT 'many', 'k' || n, nave_uuid_at(now()), nave_uuid_at(now()) FROM generate_series(1, 20000) AS n`,
    );
    await db.hot.query(
      `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, held_by, lane_key, lane_seq, created_at)
       SELECT overlay(nave_uuid_at(now())::text placing lpad(to_hex(n), 12, '0') from 25)::uuid, gen_random_uuid(), 's', 'r', 1, 0, 'x', 'many', 'send', 'held', 'lane', 'k' || n % 10, n, now()
       FROM generate_series(1, 20000) AS n`,
    );
    expect(await rowsRead(() => db.hot.query(`SELECT * FROM nave_advance_lanes(ARRAY['many', 'many'], ARRAY['k1', 'k2'])`))).toBeLessThan(
      500,
    );
    expect(await rowsRead(() => store.mendLanes(1))).toBeLessThan(500);
    await db.hot.query(`DELETE FROM lane WHERE spoke = 'many'; DELETE FROM delivery WHERE spoke = 'many'`);
  });

  it('reads hardly more than it answers, however much is finished', async () => {
    expect(await rowsRead(() => store.ringDue(200, 5_000))).toBeLessThan(1_000);
    expect(await rowsRead(() => store.waiting(200))).toBeLessThan(1_000);
  });
});
