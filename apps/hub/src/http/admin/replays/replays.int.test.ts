import { seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
let operator: string;

beforeAll(async () => {
  hub = await adminFixture();
  operator = await hub.keyFor('operator');
  const key = await hub.deps.sealer.keyFor('spoke:shop', hub.deps.clock.now());
  for (let n = 0; n < 4; n++)
    await seedMessage(
      hub.db.hot,
      { atMs: hub.deps.clock.now() - 1_000 + n, deliveries: [{ state: n < 3 ? 'dead' : 'succeeded' }] },
      key.seal,
    );
});

afterAll(() => hub.close());

const post = (body: unknown, key = operator) => hub.call('POST', 'replays', { body, key });

describe('/replays', () => {
  it('previews without doing anything', async () => {
    const { status, body } = await post({ filter: { state: ['failed'] }, rate: 2, dryRun: true });
    expect([status, body.count, body.estimatedSeconds, body.exact]).toEqual([200, 3, 2, true]);
    expect(Date.parse(body.newest) - Date.parse(body.oldest)).toBe(2);
    expect((await post({ mode: 'retry', filter: { spoke: 'erp' }, dryRun: true })).body.count).toBe(3);
    expect((await post({ filter: { spoke: 'nobody' }, dryRun: true })).body).toMatchObject({ count: 0, oldest: null, newest: null });
    expect((await hub.call('GET', 'replays')).body.items).toEqual([]);
  });

  it('makes, shows, pauses, resumes and stops a replay, each in the states that allow it', async () => {
    const made = await post({ filter: { spoke: 'shop', from: '2020-01-01T00:00:00Z' }, rate: 5 });
    expect(made.status).toBe(202);
    expect(made.body).toMatchObject({
      state: 'running',
      total: 4,
      done: 0,
      failed: 0,
      rate: 5,
      filter: { spoke: ['shop'] },
      createdBy: 'key:operator key',
    });
    const move = (action: string) => hub.call('POST', `replays/${made.body.id}/${action}`, { key: operator });
    expect((await move('resume')).status).toBe(409);
    expect((await move('pause')).body.state).toBe('paused');
    expect((await move('resume')).body.state).toBe('running');
    expect((await move('stop')).body.state).toBe('stopped');
    const again = await move('pause');
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('stopped')]);
    expect((await hub.call('GET', `replays/${made.body.id}`)).body.state).toBe('stopped');
    expect((await hub.call('GET', 'replays')).body.items.map((item: { id: string }) => item.id)).toEqual([made.body.id]);
    const audit = await hub.call('GET', `audit?subject=replay:${made.body.id}`);
    expect(audit.body.items.map((item: { action: string }) => item.action)).toEqual([
      'replay.stop',
      'replay.resume',
      'replay.pause',
      'replay.create',
    ]);
    expect(audit.body.items[3].detail).toMatchObject({ total: 4, mode: 'replay' });
  });

  it('refuses what makes no sense, everything at once', async () => {
    const wrong = await post({ filter: { state: ['dead', 'x'], type: 'a..b' } });
    expect([wrong.status, wrong.body.errors.length]).toEqual([422, 3]);
    const bad = [
      {},
      { filter: { more: 1 } },
      { filter: {}, rate: 0 },
      { filter: {}, routeVersion: 2 },
      { filter: { ids: ['x'] } },
      { filter: {}, mode: 'again' },
      { mode: 'retry', filter: { type: 'a' } },
      { mode: 'retry', filter: { state: 'failed' } },
      { mode: 'retry', filter: { route: 'r' }, routeVersion: 1 },
    ];
    for (const body of bad) expect([body, (await post(body)).status]).toEqual([body, 422]);
    expect((await post({ filter: {} }, await hub.keyFor('viewer'))).status).toBe(403);
    expect((await hub.call('POST', 'replays/019aa000-0000-7000-8000-000000000000/stop')).status).toBe(404);
  });
});
