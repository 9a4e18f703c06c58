/** PostgreSQL goes away under load, gently, hard, and by the death of one of its processes: callers hear 503, never a false 202. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { CONCURRENCY, configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import { sql } from '../harness/sql.ts';
import { waitFor } from '../harness/wait-for.ts';

/** Refusals after which every sender has had one: what was acknowledged before has been read by then. */
const ALL_HAVE_ANSWERS = 60;

onBothQueues('PostgreSQL restarted under load', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('answers 503 while it is away and delivers everything it acknowledged', async () => {
    scene = await openScene(queue, 'external');
    const { sink, postgres } = scene;
    if (postgres === null) throw new Error('no server to restart');
    const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    const worker = await scene.start('worker', { NAVE_ROLE: 'worker' });
    await configureOrders(hub, sink);
    sink.behave({ afterMs: 20 });
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 200 });

    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      await flow(scene);
      await postgres.stop(signal);
      const refusedBefore = load.ledger.answers.get('503') ?? 0;
      await waitFor('callers are refused', 60_000, () => (load.ledger.answers.get('503') ?? 0) > refusedBefore + ALL_HAVE_ANSWERS);
      const acknowledgedWhileAway = load.ledger.acknowledged.size;
      const ready = await fetch(`${hub.url}/readyz`);
      expect(ready.status).toBe(503);
      await sleep(300);
      expect(load.ledger.acknowledged.size).toBe(acknowledgedWhileAway);
      await postgres.start();
    }
    await flow(scene);
    // The server kills everybody's session and recovers by itself when one of its processes dies.
    const victims = await sql(postgres.url, `SELECT pid FROM pg_stat_activity WHERE application_name = 'nave hub' LIMIT 1`);
    process.kill(Number(victims[0]?.['pid']), 'SIGKILL');
    await flow(scene);
    const ledger = await load.finish();

    // The hub itself lived, so every refusal was an answer.
    expect([...ledger.answers.keys()].sort()).toEqual(['202', '503']);
    await settle(`PostgreSQL restarted three times [${queue.name}]`, scene, ledger, {
      timeoutMs: 60_000,
      repeatsMax: 3 * CONCURRENCY,
    });
    expect(hub.running()).toBe(true);
    expect(worker.running()).toBe(true);
    await waitFor('the hub is ready again', 60_000, async () => (await fetch(`${hub.url}/readyz`)).ok);
  });
});
