/** Redis is away for long, comes back empty, and goes again: accepting and delivering go on all the while, for workers claim due rows directly. */
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { onRedis } from '../harness/queue-backends.ts';
import { configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { secondsOf } from '../harness/seconds-of.ts';
import { settle } from '../harness/settle.ts';
import { waitFor } from '../harness/wait-for.ts';

const AWAY_S = secondsOf('NAVE_FAULT_REDIS_SECONDS', 20);
const PER_SECOND = 100;
/** A message is due for direct claims at once, and workers look every 250 ms. */
const LATE_MS_MAX = 60_000;

onRedis('Redis away for long', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('delivers all the while, and rings again when Redis is back, empty or flushed', { timeout: (AWAY_S + 600) * 1_000 }, async () => {
    scene = await openScene(queue, 'external');
    const redis = queue.redis();
    if (redis === null) throw new Error('no Redis to stop');
    const { sink } = scene;
    const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    const worker = await scene.start('worker', { NAVE_ROLE: 'worker' });
    await configureOrders(hub, sink);
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: PER_SECOND });
    await flow(scene);

    await redis.kill('SIGKILL');
    const until = performance.now() + AWAY_S * 1_000;
    while (performance.now() < until) await flow(scene, 50, LATE_MS_MAX);
    expect(worker.running()).toBe(true);
    // Back with nothing of what it had.
    await redis.start();
    await waitFor('the hub rings again', 60_000, async () => (await redis.command('EXISTS', '{nave}:tickets:id')) === ':1');
    await flow(scene);
    expect(await redis.command('FLUSHALL')).toBe('+OK');
    await flow(scene);
    await redis.kill('SIGTERM');
    await flow(scene);
    await redis.start();
    await flow(scene);

    const ledger = await load.finish();
    expect([...ledger.answers.keys()]).toEqual(['202']);
    await settle(`Redis away for ${AWAY_S} s`, scene, ledger);
  });
});
