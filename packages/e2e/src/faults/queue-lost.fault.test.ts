/** The queue forgets everything, or is away: tickets are only a bell, so the deliveries arrive all the same and once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { startLoad } from '../harness/load.ts';
import { onBothQueues, onRedis } from '../harness/queue-backends.ts';
import { configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import { sql } from '../harness/sql.ts';
import { waitFor } from '../harness/wait-for.ts';

let scene: Scene | null = null;
afterEach(async () => {
  await scene?.close();
  scene = null;
});

onBothQueues('every ticket lost under load', (queue) => {
  it('delivers everything once although the queue is emptied five times', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    await scene.start('worker', { NAVE_ROLE: 'worker' });
    await configureOrders(hub, sink);
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 300 });
    for (let round = 0; round < 5; round++) {
      await sleep(400);
      const redis = queue.redis();
      if (redis === null) await emptyQueueTables(scene.databaseUrl());
      else expect(await redis.command('FLUSHALL')).toBe('+OK');
    }
    await sleep(400);
    const ledger = await load.finish();
    expect([...ledger.answers.keys()]).toEqual(['202']);
    const account = await settle(`queue emptied five times [${queue.name}]`, scene, ledger);
    expect(account.sent).toBeGreaterThan(300);
  });
});

onRedis('Redis stopped and started under load', (queue) => {
  it('goes on accepting and delivering while Redis is away, and uses it again afterwards', async () => {
    scene = await openScene(queue, 'external');
    const redis = queue.redis();
    if (redis === null) throw new Error('no Redis to stop');
    const { sink } = scene;
    const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    await scene.start('worker', { NAVE_ROLE: 'worker' });
    await configureOrders(hub, sink);
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 200 });
    await sleep(1_000);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await redis.kill(signal);
      const arrived = sink.arrivals.length;
      await sleep(2_000);
      // Without a bell the worker looks by itself.
      expect(sink.arrivals.length).toBeGreaterThan(arrived + 50);
      await redis.start();
      await sleep(1_000);
    }
    const ledger = await load.finish();
    expect([...ledger.answers.keys()]).toEqual(['202']);
    await settle('Redis stopped twice', scene, ledger);
    // Found out by the hub itself, within its probes and reconnects.
    await waitFor('the hub rings again', 15_000, async () => (await redis.command('EXISTS', '{nave}:tickets:id')) === ':1');
  });
});

async function emptyQueueTables(url: string): Promise<void> {
  await sql(
    url,
    `DO $$ DECLARE t text; BEGIN
       FOR t IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'nave_queue' AND tablename LIKE '%job%' LOOP
         EXECUTE 'DELETE FROM ' || t;
       END LOOP;
     END $$`,
  );
}
