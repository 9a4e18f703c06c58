/** What the ledger and the retention ask again and again is explained with several days and many finished rows behind it, by a planner in its usual settings. */
import { type DisposableDatabase, disposableDatabase, seedHistory } from '@nave/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_DUE_SQL } from '../audit/audit-sealer.ts';
import { type Database, openDatabase } from '../database.ts';
import type { Prisma } from '../generated/client.ts';
import { idsOf } from '../retention/day-partitions.ts';
import { openDeliveries } from '../retention/what-keeps.ts';
import { FOLD_DUE_SQL } from './fold-counters.ts';
import { searchesOf } from './known-ids.ts';
import { recountSql } from './recount.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

let disposable: DisposableDatabase;
let db: Database;
let client: pg.Client;
const now = Date.now();

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 1, queryConnections: 1 });
  client = new pg.Client({ connectionString: disposable.url });
  await client.connect();
  await client.query(`SELECT nave_make_partitions((now() AT TIME ZONE 'UTC')::date - d) FROM generate_series(1, 5) AS d`);
  // Whole days: what is left of one, shortly before or after midnight, would be so small that it is read whole.
  const midnight = Math.floor(now / DAY) * DAY;
  await seedHistory(db.hot, { count: 30_000, fromMs: midnight - 5 * DAY, toMs: midnight });
  await client.query(
    `INSERT INTO attempt (id, delivery_id, number, started_at, duration_ms, outcome, status, detail) SELECT id, id, 1, created_at, 5, 'ok', 200, '' FROM delivery`,
  );
  await client.query(
    `INSERT INTO ledger_minute (minute, route, accepted) SELECT nave_minute_of(id), route, count(*) FROM delivery GROUP BY 1, 2 UNION ALL SELECT nave_minute_of(id), '', count(*) FROM message GROUP BY 1`,
  );
  await client.query(
    `INSERT INTO accepted_count (xid, at, messages, digest, runs) SELECT n, now(), 1, '\\x00', '{"r@2026-11-21T12:00": 1}' FROM generate_series(1, 20000) AS n`,
  );
  await client.query(
    `INSERT INTO idempotency (key, spoke, message_id, digest, expires_at) SELECT 'old-' || n, 'history', gen_random_uuid(), '\\x00', now() + n * interval '30 seconds' FROM generate_series(1, 30000) AS n`,
  );
  await client.query('VACUUM ANALYZE');
});
afterAll(async () => {
  await client.end();
  await db.close();
  await disposable.drop();
});

async function planOf({ text, values }: Pick<Prisma.Sql, 'text' | 'values'>): Promise<string[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [...values]);
  return rows.map((row) => row['QUERY PLAN']);
}

/** Partitions of days to come are empty: reading them is free. */
const wholeReads = (lines: readonly string[]) =>
  lines.filter(
    (line) =>
      /Seq Scan on (message|delivery|attempt|accepted_count|idempotency|ledger_minute)(_\d+)? /.test(line) &&
      !line.includes('cost=0.00..0.00'),
  );
/** Days other than one: partitions that cannot hold what is asked for. */
const otherDays = (lines: readonly string[], at: number) => {
  const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
  return lines.filter((line) => / on (message|delivery|attempt)_\d{8}/.test(line) && !line.includes(day));
};

describe('the statements of the ledger read by index', () => {
  const at = Math.floor((now - 2 * DAY) / MINUTE) * MINUTE;

  it('counting a minute again', async () => {
    const lines = await planOf(recountSql({ fromMs: at, toMs: at + MINUTE }, 20_000n));
    expect(wholeReads(lines), lines.join('\n')).toEqual([]);
    expect(otherDays(lines, at), lines.join('\n')).toEqual([]);
  });

  it.each(searchesOf(at, [7 * DAY]).map(([name, sql]) => ({ name, sql })))('$name', async ({ name, sql }) => {
    const lines = await planOf(sql);
    expect(wholeReads(lines), lines.join('\n')).toEqual([]);
    // Replays of a message may be on any later day.
    if (!/^messagesWithoutDelivery|^deliveriesWithoutMessage/.test(name)) expect(otherDays(lines, at), lines.join('\n')).toEqual([]);
  });

  it('whether there is anything to fold or to seal, asked every second or two, planned for all values', async () => {
    const { text } = FOLD_DUE_SQL;
    await client.query('SET plan_cache_mode = force_generic_plan');
    await client.query(`PREPARE audit_due(bigint) AS ${AUDIT_DUE_SQL}`);
    for (const lines of [await planOf({ text, values: [] }), await planOf({ text: 'EXECUTE audit_due(20001)', values: [] })]) {
      expect(wholeReads(lines), lines.join('\n')).toEqual([]);
      expect(lines.join('\n')).toContain('accepted_count_xid_idx');
    }
    await client.query('RESET plan_cache_mode');
  });

  it.each(openDeliveries(null))('what keeps a day: %s', async (text) => {
    const { low, high } = idsOf(Math.floor(at / DAY) * DAY);
    // As retention's own connection has it.
    await client.query('SET enable_seqscan = off');
    const lines = await planOf({ text: `${text} LIMIT 1`, values: [low, high] });
    await client.query('RESET enable_seqscan');
    expect(wholeReads(lines), lines.join('\n')).toEqual([]);
    expect(lines.join('\n')).toMatch(/_due_idx|_waiting_idx|_replayed_idx|spoke_due_at|state_spoke_id|message_id_idx/);
  });
});
