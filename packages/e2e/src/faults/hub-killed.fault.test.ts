/** `kill -9` of the hub under load: whoever got a 202 gets his delivery, and whoever did not may simply send again. */
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { CONCURRENCY, configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';

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
