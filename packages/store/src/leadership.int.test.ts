import { type DisposableDatabase, disposableDatabase, proxiedUrl, startTcpProxy } from '@nave/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLeadership, type Leadership } from './leadership.ts';

const LOCK = 4_711;
let disposable: DisposableDatabase;
let candidates: Leadership[] = [];
let lost: string[] = [];

beforeAll(async () => {
  disposable = await disposableDatabase();
});
afterAll(() => disposable.drop());
afterEach(async () => {
  await Promise.all(candidates.splice(0).map((candidate) => candidate.close()));
  lost = [];
});

function candidate(url = disposable.url, lock = LOCK): Leadership {
  const leadership = createLeadership(url, lock, (reason) => lost.push(reason));
  candidates = [...candidates, leadership];
  return leadership;
}

describe('leadership', () => {
  it('is held by one at a time, and kept', async () => {
    const [first, second] = [candidate(), candidate()];
    expect(await first.lead()).toBe(true);
    expect(await second.lead()).toBe(false);
    expect([await first.lead(), await first.lead(), await second.lead()]).toEqual([true, true, false]);
  });

  it('passes on from a holder that says nothing any more although its connection lasts', async () => {
    const [frozen, next] = [candidate(), candidate()];
    expect(await frozen.lead()).toBe(true);
    expect(await next.lead()).toBe(false);
    await expect.poll(() => next.lead(), { timeout: 40_000, interval: 200 }).toBe(true);
    // Awake again, it learns that it leads no more.
    expect(await frozen.lead()).toBe(false);
  });

  it('is one for each task', async () => {
    expect(await candidate().lead()).toBe(true);
    expect(await candidate(disposable.url, LOCK + 1).lead()).toBe(true);
  });

  it('passes on when the holder closes', async () => {
    const [first, second] = [candidate(), candidate()];
    await first.lead();
    await first.close();
    await expect.poll(() => second.lead(), { timeout: 30_000 }).toBe(true);
    expect(lost).toEqual([]);
  });

  it('passes on when the connection of the holder dies, who notices', async () => {
    const { hostname: host, port } = new URL(disposable.url);
    const proxy = await startTcpProxy({ host, port: Number(port) });
    const [first, second] = [candidate(proxiedUrl(disposable.url, proxy)), candidate()];
    expect(await first.lead()).toBe(true);
    proxy.cut();
    await expect.poll(() => first.lead(), { timeout: 30_000, interval: 5 }).toBe(false);
    expect(lost).toHaveLength(1);
    await expect.poll(() => second.lead(), { timeout: 30_000 }).toBe(true);
    proxy.restore();
    expect(await first.lead()).toBe(false);
    await second.close();
    await expect.poll(() => first.lead(), { timeout: 30_000 }).toBe(true);
    await first.close();
    await proxy.close();
  });

  it('passes on when the server ends the session of the holder', async () => {
    const [first, second] = [candidate(), candidate()];
    await first.lead();
    const admin = new pg.Client({ connectionString: disposable.url });
    await admin.connect();
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = ${LOCK}`);
    await admin.end();
    await expect.poll(() => second.lead(), { timeout: 30_000 }).toBe(true);
    expect(await first.lead()).toBe(false);
  });

  it("is nobody's while the database is away, and never throws", async () => {
    const nowhere = candidate('postgres://x:y@127.0.0.1:1/z');
    expect(await nowhere.lead()).toBe(false);
    expect(await nowhere.lead()).toBe(false);
    await nowhere.close();
    await nowhere.close();
  });
});
