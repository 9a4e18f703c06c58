import { type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { createPollStore, type PollStore, type WantedPoll } from './poll-store.ts';

let disposable: DisposableDatabase;
let db: Database;
let store: PollStore;
let count = 0;
let spoke = '';

beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 4, queryConnections: 1 });
  store = createPollStore(db.hot);
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});
beforeEach(async () => {
  count += 1;
  spoke = `spoke-${count}`;
  await db.prisma.spoke.create({
    data: { name: spoke, kind: 'k', title: spoke, enabled: true, version: 1, spec: {}, createdAt: new Date(), updatedAt: new Date() },
  });
});

const LEASE = 30_000;
const wanted = (changes: Partial<WantedPoll> = {}): WantedPoll[] => [{ spoke, name: 'events', kind: 'k', everyMs: 60_000, ...changes }];
const claim = (owner = 'a', changes: Partial<WantedPoll> = {}) => store.claim(owner, LEASE, wanted(changes), 10);
const set = (assignment: string) => db.hot.query(`UPDATE poll_cursor SET ${assignment} WHERE spoke = $1`, [spoke]);

async function claimed(owner = 'a', changes: Partial<WantedPoll> = {}) {
  const [poll] = await claim(owner, changes);
  if (poll === undefined) throw new Error('not claimed');
  return poll;
}

describe('the cursors of polls', () => {
  it('are made once for spokes that are there, and are due at once', async () => {
    await store.prepare([...wanted(), { ...wanted()[0], spoke: 'gone', name: 'events', kind: 'k', everyMs: 1 }]);
    await store.prepare(wanted());
    expect(await claim()).toEqual([{ spoke, name: 'events', fence: 1, cursor: null, failures: 0 }]);
    expect(await store.progress('gone')).toEqual([]);
  });

  it('are leased to one process, also when many ask in the same moment', async () => {
    await store.prepare(wanted());
    const got = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => claim(owner)));
    expect(got.flat()).toHaveLength(1);
    expect(await claim('e')).toEqual([]);
    await set(`lease_until = now() - interval '1 second'`);
    expect(await claim('e')).toMatchObject([{ fence: 2 }]);
  });

  it('change nothing for a process that slept past its lease', async () => {
    await store.prepare(wanted());
    const first = await claimed('a');
    await set(`lease_until = now() - interval '1 second'`);
    const second = await claimed('b');
    expect(await store.advance(first, '"old"', LEASE)).toBe(false);
    expect(await store.finish(first, 0, 'late')).toBe(false);
    await store.release(first);
    expect(await claim('c')).toEqual([]);
    expect(await store.advance(second, '"new"', LEASE)).toBe(true);
    expect(await store.finish(second, 60_000, null)).toBe(true);
    expect(await store.advance(second, '"after the end"', LEASE)).toBe(false);
    await set(`next_at = now() - interval '1 second'`);
    expect((await claimed()).cursor).toBe('"new"');
  });

  it('count failures until a turn succeeds, and keep the cursor through them', async () => {
    await store.prepare(wanted());
    await store.advance(await claimed(), '5', LEASE);
    await set(`lease_until = now() - interval '1 second'`);
    await store.finish(await claimed(), -1_000, 'answered 500');
    await store.finish(await claimed(), 3_600_000, 'answered 500');
    const [failing] = await store.progress(spoke);
    expect(failing).toMatchObject({ name: 'events', failures: 2, lastError: 'answered 500' });
    expect((failing?.nextAt.getTime() ?? 0) - (failing?.lastAt?.getTime() ?? 0)).toBe(3_600_000);
    expect(await claim()).toEqual([]);
    const [forced] = await store.claim('a', LEASE, wanted(), 1, false);
    expect(forced).toMatchObject({ cursor: '5', failures: 2 });
    if (forced) await store.finish(forced, 60_000, null);
    expect(await store.progress(spoke)).toMatchObject([{ failures: 0, lastError: null }]);
  });

  it('are given back as they were', async () => {
    await store.prepare(wanted());
    await store.release(await claimed());
    expect(await claim('b')).toMatchObject([{ fence: 2 }]);
  });

  it('rest while their spoke is paused or disabled, also when a person asks', async () => {
    await store.prepare(wanted());
    await db.prisma.spoke.update({ where: { name: spoke }, data: { paused: true } });
    expect(await claim()).toEqual([]);
    expect(await store.claim('a', LEASE, wanted(), 1, false)).toEqual([]);
    await db.prisma.spoke.update({ where: { name: spoke }, data: { paused: false, enabled: false } });
    expect(await claim()).toEqual([]);
  });

  it('are due at once after a shorter interval was set, and after the clock was put back', async () => {
    await store.prepare(wanted());
    await store.finish(await claimed(), 3_600_000, null);
    await set(`polled_at = now() - interval '30 seconds'`);
    expect(await claim('a', { everyMs: 60_000 })).toEqual([]);
    expect(await claim('a', { everyMs: 10_000 })).toHaveLength(1);
    await set(
      `owner = NULL, lease_until = now() + interval '2 hours', polled_at = now() + interval '30 days', next_at = now() + interval '30 days'`,
    );
    expect(await claim()).toHaveLength(1);
  });

  it('begin anew for a spoke of another kind, and for one that was deleted and made again', async () => {
    await store.prepare(wanted());
    await store.advance(await claimed(), '5', LEASE);
    await set(`lease_until = now() - interval '1 second', failures = 3`);
    const other = await claimed('a', { kind: 'other' });
    expect(other).toMatchObject({ cursor: null, failures: 0 });
    await store.release(other);
    await db.prisma.spoke.delete({ where: { name: spoke } });
    expect(await store.progress(spoke)).toEqual([]);
  });

  it('know which keys are remembered for the spoke', async () => {
    const remember = (key: string, of: string, expires: string) =>
      db.hot.query(
        `INSERT INTO idempotency (key, spoke, message_id, digest, expires_at) VALUES ($1, $2, gen_random_uuid(), '', now() + $3::interval)`,
        [key, of, expires],
      );
    await remember('evt_1', spoke, '1 day');
    await remember('evt_2', 'another', '1 day');
    await remember('evt_3', spoke, '-1 day');
    expect(await store.known(spoke, ['evt_1', 'evt_2', 'evt_3', 'evt_4'])).toEqual(new Set(['evt_1']));
  });
});
