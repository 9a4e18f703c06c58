import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type DisposableDatabase, disposableDatabase, recordingLogger, type SeedDelivery, seedHistory, seedMessage } from '@nave/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { ledgerReport } from '../ledger/ledger-report.ts';
import { followLedger } from '../ledger/ledger-turn.ts';
import { archiveProblem } from './archive-day.ts';
import { dataKeyOf } from './archive-row.ts';
import { DAY_MS, dayName } from './day-partitions.ts';
import { retentionTurn } from './retention-turn.ts';

let server: DisposableDatabase;
let db: Database;
let time: number;
let archiveDir: string;
let forgotten: number[];
/** Null: the clocks agree. */
let databaseTime: number | null;

const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const OLD = TODAY - 10 * DAY_MS;

beforeEach(async () => {
  time = TODAY + 12 * 3_600_000;
  forgotten = [];
  databaseTime = null;
  archiveDir = mkdtempSync(join(tmpdir(), 'nave-archive-'));
  server = await disposableDatabase();
  db = openDatabase({ url: server.url, applicationName: 'test', hotConnections: 2, queryConnections: 4 });
  await db.hot.query('SELECT nave_make_partitions($1::date)', [dayName(OLD)]);
});
afterEach(async () => {
  await db.close();
  await server.drop();
  rmSync(archiveDir, { recursive: true, force: true });
});

const logger = recordingLogger();
const query = (text: string, values: unknown[] = []) => db.hot.query(text, values);
const seal = (keyId: number) => (plain: Uint8Array) => {
  const head = Buffer.from([1, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(keyId, 2);
  return Buffer.concat([head, plain]);
};

async function seed(
  deliveries: readonly SeedDelivery[],
  atMs = OLD + 3_600_000,
  keyId = 1,
): Promise<{ id: string; deliveryIds: string[] }> {
  const seeded = await seedMessage(db.hot, { atMs, deliveries, keys: [{ name: 'order', hash: Buffer.from('hash') }] }, seal(keyId));
  const minute = new Date(Math.floor(atMs / 60_000) * 60_000);
  for (const route of ['', ...deliveries.map(({ route: name }) => name ?? 'invoices')])
    await query(
      'INSERT INTO ledger_minute AS m (minute, route, accepted) VALUES ($1, $2, 1) ON CONFLICT (minute, route) DO UPDATE SET accepted = m.accepted + 1',
      [minute, route],
    );
  return seeded;
}

async function dataKey(scope: string, day: number): Promise<number> {
  const { rows } = await query(`INSERT INTO data_key (scope, day, wrapped) VALUES ($1, $2, '\\x0102') RETURNING id`, [scope, dayName(day)]);
  return Number(rows[0].id);
}

const turn = (options: { archive?: boolean } = {}) =>
  retentionTurn({
    ...{ db, clock: { now: () => time }, logger, retentionMs: 5 * DAY_MS },
    archiveDir: options.archive === true ? archiveDir : null,
    onKeyDestroyed: (id) => forgotten.push(id),
    databaseNow: async () => databaseTime ?? time,
  });
const tables = async () =>
  (await query(`SELECT relname FROM pg_class WHERE relname LIKE $1 AND relkind = 'r'`, [`%\\_${dayName(OLD).replaceAll('-', '')}`]))
    .rowCount;
const lines = (file: string) =>
  gunzipSync(readFileSync(join(archiveDir, dayName(OLD), file)))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('rows', () => {
  it('go by whole days, and the ledger still answers for them', async () => {
    await seed([{ state: 'succeeded' }, { route: 'crm', state: 'dead' }]);
    await seed([{ state: 'skipped', reason: 'filtered' }]);
    await seed([{ state: 'succeeded' }], time - DAY_MS);
    await dataKey('spoke:shop', OLD);
    expect(await turn()).toMatchObject({ dropped: [dayName(OLD)], blocked: [] });
    expect(await tables()).toBe(0);
    expect((await query('SELECT 1 FROM failure')).rowCount).toBe(0);
    expect((await query('SELECT 1 FROM message')).rowCount).toBe(1);
    expect((await query('SELECT 1 FROM data_key')).rowCount).toBe(0);
    await followLedger({
      db,
      clock: { now: () => time },
      logger: recordingLogger(),
      signer: { keyId: '', sign: () => new Uint8Array(), verify: () => false },
    });
    const { lines: routes, messages, differences } = await ledgerReport(db, time, 30 * DAY_MS);
    expect(messages).toMatchObject({ accepted: 3, found: 3 });
    expect(routes).toMatchObject([
      { route: 'crm', accepted: 1, found: 1, dead: 1 },
      { route: 'invoices', accepted: 3, found: 3, succeeded: 2, filtered: 1 },
    ]);
    expect(differences).toEqual([]);
    expect((await query(`SELECT detail FROM audit WHERE action = 'retention.day-dropped'`)).rows).toEqual([
      { detail: { day: dayName(OLD), messages: 2, runs: 3, archived: false } },
    ]);
    expect(await turn()).toMatchObject({ dropped: [], blocked: [] });
  });

  it('stay while the retention has not ended for the whole day', async () => {
    const day = TODAY - 5 * DAY_MS;
    await query('SELECT nave_make_partitions($1::date)', [dayName(day)]);
    await turn();
    expect(await turn()).toMatchObject({ dropped: [] });
    time += DAY_MS;
    expect(await turn()).toMatchObject({ dropped: [dayName(day)] });
  });

  it('stay when only the clock of a hub says that their time is over', async () => {
    await seed([{ state: 'succeeded' }]);
    databaseTime = OLD + 3 * DAY_MS;
    expect(await turn()).toMatchObject({ dropped: [], blocked: [] });
    databaseTime = null;
    expect(await turn()).toMatchObject({ dropped: [dayName(OLD)] });
  });

  it.each(['pending', 'active', 'retrying', 'held', 'unknown'] as const)('stay, visibly, while a delivery is %s', async (state) => {
    await seed([{ state }]);
    const { blocked, dropped } = await turn();
    expect(dropped).toEqual([]);
    expect(blocked).toMatchObject([{ day: dayName(OLD), reason: expect.stringMatching(/not finished/) }]);
    expect((await ledgerReport(db, time, DAY_MS)).blockedDays).toMatchObject([{ day: dayName(OLD) }]);
    await query(`UPDATE delivery SET state = 'cancelled', due_at = NULL`);
    expect(await turn()).toMatchObject({ dropped: [], blocked: [] });
    time += 3_600_001;
    expect(await turn()).toMatchObject({ dropped: [dayName(OLD)] });
    expect((await ledgerReport(db, time, DAY_MS)).blockedDays).toEqual([]);
  });

  it('stay while a replay made later still works on one of their messages', async () => {
    const { id } = await seed([{ state: 'succeeded' }]);
    const later = await seed([{ state: 'held' }], time - 3_600_000);
    await query('UPDATE delivery SET message_id = $1, replay_id = $1 WHERE id = $2', [id, later.deliveryIds[0]]);
    expect(await turn()).toMatchObject({ dropped: [], blocked: [{ reason: expect.stringMatching(/not finished/) }] });
  });

  it('stay while a replay still has to read them, and while one of them parks a lane', async () => {
    const { deliveryIds } = await seed([{ state: 'dead' }]);
    await query('INSERT INTO lane (spoke, key, head, low) VALUES ($1, $2, $3, $3)', ['erp', 'k', deliveryIds[0]]);
    expect(await turn()).toMatchObject({ blocked: [{ reason: expect.stringMatching(/lane/) }] });
    await query('DELETE FROM lane');
    const filter = { spokes: [], types: [], states: [], routes: [], ids: null, issue: null, fromMs: null, toMs: null };
    await query(
      `INSERT INTO replay (id, kind, state, filter, total, created_by, created_at) VALUES (gen_random_uuid(), 'replay', 'running', $1, 1, 'me', now())`,
      [JSON.stringify(filter)],
    );
    time += 3_600_001;
    expect(await turn()).toMatchObject({ blocked: [{ reason: expect.stringMatching(/replay/) }] });
    await query(`UPDATE replay SET state = 'done'`);
    time += 3_600_001;
    expect(await turn()).toMatchObject({ dropped: [dayName(OLD)] });
  });

  it('give way to what uses their tables, and go when it is over', async () => {
    await seed([{ state: 'succeeded' }]);
    const reader = await db.hot.connect();
    await reader.query('BEGIN');
    await reader.query('SELECT 1 FROM attempt');
    const waiting = turn();
    // Whoever comes after a turn that waits for its lock waits for that too: for ever, did it not give up while the reader is still there.
    await query('SELECT 1 FROM message LIMIT 1');
    await reader.query('COMMIT');
    reader.release();
    await waiting;
    await turn();
    expect(await tables()).toBe(0);
  });

  it('that lie outside all days are deleted when old, unless they are not finished', async () => {
    const odd = TODAY - 400 * DAY_MS;
    await seed([{ state: 'succeeded', attempts: [{ outcome: 'ok' }] }], odd);
    const open = await seed([{ state: 'held' }], odd);
    const recent = await seed([{ state: 'succeeded' }], TODAY - 3 * DAY_MS);
    await turn();
    await turn();
    expect((await query('SELECT id FROM message ORDER BY id')).rows).toEqual([{ id: open.id }, { id: recent.id }]);
    for (const table of ['delivery', 'message_key']) expect((await query(`SELECT 1 FROM ${table}`)).rowCount).toBe(2);
    expect((await query('SELECT 1 FROM attempt')).rowCount).toBe(0);
    expect((await ledgerReport(db, time, 1_000 * DAY_MS)).differences).toEqual([]);
  });
});

describe('the archive of a day', () => {
  it('has every row with its sealed values and the keys they need, and says so in its manifest', async () => {
    const key = await dataKey('spoke:shop', OLD);
    const { id, deliveryIds } = await seed(
      [{ state: 'succeeded', input: Buffer.from('sent'), attempts: [{ outcome: 'ok', status: 200 }] }],
      OLD + 1,
      key,
    );
    for (let n = 0; n < 1_200; n++) await seed([], OLD + 2 + n, key);
    expect(await turn({ archive: true })).toMatchObject({ dropped: [dayName(OLD)] });
    expect(readdirSync(archiveDir)).toEqual([dayName(OLD)]);
    const messages = lines('messages.ndjson.gz');
    expect(messages).toHaveLength(1_201);
    expect(messages[0]).toMatchObject({ id, spoke: 'shop', receivedAt: new Date(OLD + 1).toISOString() });
    expect(Buffer.from(messages[0].content, 'base64').readUInt32BE(2)).toBe(key);
    expect(lines('deliveries.ndjson.gz')).toMatchObject([{ id: deliveryIds[0], messageId: id, state: 'succeeded', routeVersion: 1 }]);
    expect(lines('attempts.ndjson.gz')).toMatchObject([{ deliveryId: deliveryIds[0], number: 1, outcome: 'ok', status: 200 }]);
    expect(lines('message-keys.ndjson.gz')).toHaveLength(1_201);
    const manifest = JSON.parse(readFileSync(join(archiveDir, dayName(OLD), 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({
      day: dayName(OLD),
      files: { 'messages.ndjson.gz': { lines: 1_201 } },
      dataKeys: [{ id: key, scope: 'spoke:shop', wrapped: 'AQI=' }],
      totals: { invoices: { succeeded: 1 } },
    });
    const folder = join(archiveDir, dayName(OLD));
    expect(await archiveProblem(folder)).toBeNull();
    writeFileSync(join(folder, 'attempts.ndjson.gz'), readFileSync(join(folder, 'attempts.ndjson.gz')).subarray(0, -9));
    expect(await archiveProblem(folder)).not.toBeNull();
  });

  it('is bounded in memory: many rows and large ones go through in batches', async () => {
    await seedHistory(db.hot, { count: 1_700, fromMs: OLD, toMs: OLD + DAY_MS - 1 });
    // Several times 500 rows, and more than 8 MiB.
    const large = randomBytes(3 * 1024 * 1024);
    for (let n = 0; n < 4; n++) await seedMessage(db.hot, { atMs: OLD + n, body: large.toString('latin1') }, seal(1));
    await query(`INSERT INTO ledger_minute (minute, route, accepted) SELECT nave_minute_of(id), '', count(*) FROM message GROUP BY 1
      UNION ALL SELECT nave_minute_of(id), route, count(*) FROM delivery GROUP BY 1, 2`);
    expect(await turn({ archive: true })).toMatchObject({ dropped: [dayName(OLD)], blocked: [] });
    expect(lines('messages.ndjson.gz')).toHaveLength(1_704);
    expect(lines('deliveries.ndjson.gz')).toHaveLength(1_700);
    // Values that are sealed by no key the hub could have made are archived all the same.
    expect(dataKeyOf(Buffer.from([1, 0, 255, 255, 255, 255, 0]))).toBeNull();
  });

  it('is written anew where an earlier try was cut off', async () => {
    await seed([{ state: 'succeeded' }]);
    const left = join(archiveDir, `.${dayName(OLD)}.12345678`);
    writeFileSync(left, 'half');
    expect(await turn({ archive: true })).toMatchObject({ dropped: [dayName(OLD)] });
    expect(readdirSync(archiveDir)).toEqual([dayName(OLD)]);
    expect(await archiveProblem(join(archiveDir, dayName(OLD)))).toBeNull();
  });

  it('that cannot be written keeps the day', async () => {
    await seed([{ state: 'succeeded' }]);
    rmSync(archiveDir, { recursive: true });
    writeFileSync(archiveDir, 'not a folder');
    expect(await turn({ archive: true })).toMatchObject({ dropped: [], blocked: [{ reason: 'it could not be archived' }] });
    expect(await tables()).toBe(4);
  });
});

describe('bodies', () => {
  beforeEach(async () => {
    await query(
      `INSERT INTO spoke (name, kind, title, enabled, version, spec, created_at, updated_at) VALUES ('shop', 'source', '', true, 1, '{"inbound": {"retention": "2d"}}', now(), now())`,
    );
  });

  it('go with the key of their day, audited, while the rows stay', async () => {
    const day = TODAY - 3 * DAY_MS;
    await seed([{ state: 'dead' }], day + 1);
    const gone = await dataKey('spoke:shop', day);
    const kept = [await dataKey('spoke:shop', TODAY - 2 * DAY_MS), await dataKey('spoke:other', day), await dataKey('secrets', OLD)];
    expect(await turn()).toMatchObject({ keysDestroyed: 1 });
    expect(forgotten).toEqual([gone]);
    expect((await query('SELECT id FROM data_key ORDER BY id')).rows.map(({ id }) => id)).toEqual(kept);
    expect((await query('SELECT 1 FROM message')).rowCount).toBe(1);
    expect((await query(`SELECT subject, detail FROM audit WHERE action = 'retention.bodies-destroyed'`)).rows).toEqual([
      { subject: 'spoke:shop', detail: { day: dayName(day), retention: '2d' } },
    ]);
  });

  it('stay while a delivery of their day and spoke is not finished', async () => {
    const day = TODAY - 3 * DAY_MS;
    const { deliveryIds } = await seed([{ state: 'retrying' }], day + 1);
    await dataKey('spoke:shop', day);
    expect(await turn()).toMatchObject({ keysDestroyed: 0 });
    await query(`UPDATE delivery SET source = 'other' WHERE id = $1`, [deliveryIds[0]]);
    expect(await turn()).toMatchObject({ keysDestroyed: 1 });
  });
});
