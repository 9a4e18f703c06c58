/** `kill -9` of the hub under load: whoever got a 202 gets his delivery, and whoever did not may simply send again. */
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { CONCURRENCY, configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import { countOf, sql } from '../harness/sql.ts';
import { waitFor } from '../harness/wait-for.ts';

onBothQueues('kill -9 of the hub under load', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('loses nothing when one process is everything; the orphaned database is adopted', async () => {
    scene = await openScene(queue, 'embedded');
    const { sink } = scene;
    const hub = await scene.start('all');
    await configureOrders(hub, sink);
    // Slow enough that something is under way at any moment.
    sink.behave({ afterMs: 30 });
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 300 });
    await flow(scene, 200);
    hub.kill('SIGKILL');
    await hub.exited;
    const again = await scene.start('all');
    expect(again.output()).toContain('adopted');
    await flow(scene, 100);
    const ledger = await load.finish();
    await settle(`kill -9 of the whole hub [${queue.name}]`, scene, ledger, { timeoutMs: 60_000, repeatsMax: CONCURRENCY });
  });

  it('loses nothing of what it took over while it accepted it: sent or only kept ready, it is delivered when the leases are over', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    const short = { NAVE_LEASE: '3s' };
    const doomed = await scene.start('doomed', short);
    await configureOrders(doomed, sink);
    const load = startLoad({ urls: [`${doomed.url}/hooks/shop`], perSecond: 200, senders: 8 });
    await flow(scene, 100);
    sink.behave('hold');
    await waitFor('all slots are under way', 60_000, () => sink.held() === CONCURRENCY);
    const url = scene.databaseUrl();
    const leased = () => sql(url, "SELECT id::text AS id FROM delivery WHERE state = 'active' AND fence = 1 AND attempt_count = 0");
    await waitFor('some wait behind them, leased as well', 60_000, async () => (await leased()).length >= CONCURRENCY + 5);
    doomed.kill('SIGKILL');
    await doomed.exited;
    const diedAt = performance.now();
    // Stored under the lease of the dead, by the one statement that accepted them.
    const taken = new Set((await leased()).map(({ id }) => String(id)));
    const sent = new Set(sink.arrivals.filter(({ status }) => status === null).map(({ key }) => key));
    expect([...taken].filter((id) => !sent.has(id)).length).toBeGreaterThan(0);
    await scene.start('doomed', short);
    sink.behave('answer');
    sink.release();
    const left = () => countOf(url, "SELECT count(*) AS n FROM delivery WHERE id = ANY($1::uuid[]) AND state <> 'succeeded'", [[...taken]]);
    await waitFor('what the dead took over is delivered', 3_000 + 60_000, async () => (await left()) === 0);
    console.log(
      `${taken.size} taken over, ${sent.size} sent; delivered ${Math.round(performance.now() - diedAt)} ms after the death [${queue.name}]`,
    );
    await flow(scene);
    const ledger = await load.finish();
    const account = await settle(`kill -9 of a hub that took over [${queue.name}]`, scene, ledger, {
      timeoutMs: 60_000,
      repeatsMax: CONCURRENCY,
    });
    // Only what had left the dead hub arrives twice, under the same key.
    for (const key of account.repeated.keys()) expect(sent).toContain(key);
  });

  it('loses nothing when the receiving process dies, twice', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    let hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    await scene.start('worker', { NAVE_ROLE: 'worker' });
    await configureOrders(hub, sink);
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 300 });
    for (let round = 0; round < 2; round++) {
      await flow(scene, 100);
      hub.kill('SIGKILL');
      await hub.exited;
      hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    }
    await flow(scene);
    const ledger = await load.finish();
    // The worker lives, so nothing is sent twice.
    await settle(`kill -9 of the receiving hub, twice [${queue.name}]`, scene, ledger, { repeatsMax: 0 });
  });
});
