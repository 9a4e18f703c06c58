/** A spoke that is down for a while and comes back: everything arrives; dead is only what used up its attempts, and a retry brings that too, under the same key. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { accountFor, describeAccount } from '../harness/accounting.ts';
import { flow } from '../harness/flow.ts';
import { listAt, textAt } from '../harness/json.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import { countOf, sql } from '../harness/sql.ts';
import { waitFor } from '../harness/wait-for.ts';

onBothQueues('a spoke that is down for a while', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('gets everything when it is back, from connections refused and from answers 500 alike', async () => {
    scene = await openScene(queue, 'embedded');
    const { sink } = scene;
    const hub = await scene.start('all');
    await configureOrders(hub, sink);
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 150 });
    await flow(scene);
    await sink.goAway();
    await sleep(1_500);
    await sink.comeBack();
    await flow(scene);
    sink.behave({ fail: 500 });
    await flow(scene);
    sink.behave('answer');
    const ledger = await load.finish();
    await settle(`spoke away, then failing [${queue.name}]`, scene, ledger, { timeoutMs: 60_000, repeatsMax: 32, answeredOnly: true });
    expect(await countOf(scene.databaseUrl(), `SELECT count(*) AS n FROM delivery WHERE state = 'dead'`)).toBe(0);
  });

  it('leaves dead exactly what used up its attempts, and delivers that on retry', async () => {
    scene = await openScene(queue, 'embedded');
    const { sink } = scene;
    const hub = await scene.start('all');
    await configureOrders(hub, sink, { retry: { attempts: 3, base: '50ms', max: '100ms', factor: 1 } });
    await sink.goAway();
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 100 });
    await sleep(400);
    const ledger = await load.finish();
    const url = scene.databaseUrl();
    const dead = () =>
      countOf(url, `SELECT count(*) AS n FROM delivery WHERE state = 'dead' AND reason = 'retries.exhausted' AND attempt_count = 3`);
    await waitFor('all are dead', 60_000, async () => (await dead()) === ledger.acknowledged.size);
    await sink.comeBack();
    const listed = await hub.api('GET', '/api/v1/deliveries?state=dead&limit=200');
    const ids = listAt(listed, 'items').map((item) => textAt(item, 'id'));
    expect(ids).toHaveLength(ledger.acknowledged.size);
    for (const id of ids) await hub.api('POST', `/api/v1/deliveries/${id}/retry`);
    await waitFor('all have arrived', 60_000, () => sink.arrivals.length === ids.length);
    expect(new Set(sink.arrivals.map(({ key }) => key))).toEqual(new Set(ids));
    const account = accountFor(ledger, sink.arrivals);
    console.log(describeAccount(`dead and retried [${queue.name}]`, account));
    expect({ lost: account.lost, doubled: account.doubled, repeated: account.repeated.size }).toEqual({
      lost: [],
      doubled: [],
      repeated: 0,
    });
    await waitFor(
      'all are recorded',
      60_000,
      async () => (await sql(url, `SELECT 1 FROM delivery WHERE state <> 'succeeded' LIMIT 1`)).length === 0,
    );
  });
});
