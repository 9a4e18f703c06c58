/** PostgreSQL is away for long: callers hear 503 with `Retry-After` and never a false 202; results of what was under way wait and are recorded, nothing is sent again. */
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { CONCURRENCY, configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { secondsOf } from '../harness/seconds-of.ts';
import { settle } from '../harness/settle.ts';
import { waitFor } from '../harness/wait-for.ts';

/** Refusals after which every sender has had one: what was acknowledged before has been read by then. */
const ALL_HAVE_ANSWERS = 60;
const AWAY_S = secondsOf('NAVE_FAULT_POSTGRES_SECONDS', 15);

onBothQueues('PostgreSQL away for long', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('refuses with 503, and afterwards delivers everything acknowledged, each once', { timeout: (AWAY_S + 600) * 1_000 }, async () => {
    scene = await openScene(queue, 'external');
    const { sink, postgres } = scene;
    if (postgres === null) throw new Error('no server to stop');
    const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    const worker = await scene.start('worker', { NAVE_ROLE: 'worker' });
    await configureOrders(hub, sink);
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 100 });
    await flow(scene);
    sink.behave('hold');
    await waitFor('all slots are under way', 60_000, () => sink.held() === CONCURRENCY);

    await postgres.stop('SIGQUIT');
    await waitFor('callers are refused', 60_000, () => (load.ledger.answers.get('503') ?? 0) > ALL_HAVE_ANSWERS);
    const acknowledged = load.ledger.acknowledged.size;
    const until = performance.now() + AWAY_S * 1_000;
    // Answered while nobody can write the answers down.
    sink.behave('answer');
    sink.release();
    let refusals = 0;
    while (performance.now() < until) {
      const body = JSON.stringify({ id: `away-${refusals}`, type: 'order.created', total: 5 });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${hub.url}/hooks/shop`, { method: 'POST', headers, body, signal: AbortSignal.timeout(60_000) });
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      await answer.body?.cancel();
      refusals += 1;
    }
    expect(refusals).toBeGreaterThan(0);
    expect(load.ledger.acknowledged.size).toBe(acknowledged);
    await postgres.start();
    await flow(scene);
    const ledger = await load.finish();
    expect([...ledger.answers.keys()].sort()).toEqual(['202', '503']);
    await settle(`PostgreSQL away for ${AWAY_S} s [${queue.name}]`, scene, ledger, { timeoutMs: 60_000, repeatsMax: 0 });
    expect([hub.running(), worker.running()]).toEqual([true, true]);
  });
});
