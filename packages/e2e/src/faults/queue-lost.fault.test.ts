/** The queue forgets everything: tickets are only a bell, so the deliveries arrive all the same and once. */
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import { sql } from '../harness/sql.ts';

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
      await flow(scene);
      const redis = queue.redis();
      if (redis === null) await emptyQueueTables(scene.databaseUrl());
      else expect(await redis.command('FLUSHALL')).toBe('+OK');
    }
    await flow(scene);
    const ledger = await load.finish();
    expect([...ledger.answers.keys()]).toEqual(['202']);
    await settle(`queue emptied five times [${queue.name}]`, scene, ledger);
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
