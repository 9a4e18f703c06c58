/** Three sweepers at once although only one may lead (a network that is cut at the wrong place): retries and leases are still each taken once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';

const ROGUE = fileURLToPath(new URL('../harness/rogue-sweeper.ts', import.meta.url));

onBothQueues('several sweepers at once', (queue) => {
  let scene: Scene | null = null;
  let rogues: ChildProcess[] = [];
  afterEach(async () => {
    for (const rogue of rogues.splice(0)) rogue.kill('SIGKILL');
    await scene?.close();
    scene = null;
  });

  it('lose nothing and send nothing twice', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    await scene.start('first', { NAVE_ROLE: 'worker' });
    await scene.start('second', { NAVE_ROLE: 'worker' });
    await configureOrders(hub, sink);
    const url = scene.databaseUrl();
    rogues = [0, 1].map(() => spawn(process.execPath, [ROGUE, url], { stdio: ['ignore', 'pipe', 'inherit'] }));
    await Promise.all(rogues.map((rogue) => new Promise((resolve) => rogue.stdout?.once('data', resolve))));
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 100 });
    await flow(scene);
    for (let round = 0; round < 3; round++) {
      // Retries are what sweepers bring back.
      sink.behave({ fail: 500 });
      await flow(scene, 30);
      sink.behave('answer');
      await flow(scene);
    }
    expect(rogues.every((rogue) => rogue.exitCode === null)).toBe(true);
    const ledger = await load.finish();
    await settle(`several sweepers [${queue.name}]`, scene, ledger, { timeoutMs: 60_000, repeatsMax: 0, answeredOnly: true });
  });
});
