/**
 * Lanes while processes die: workers are killed and frozen in turn, the hub is killed, the receiving system refuses now and then. Per key the order holds: once
 * a delivery arrived, none before it arrives any more.
 */
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { at } from '../harness/json.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import type { Arrival } from '../harness/sink.ts';
import { waitFor } from '../harness/wait-for.ts';

const LANES = 12;
const LEASE_MS = 2_000;
const WORKER = { NAVE_ROLE: 'worker', NAVE_LEASE: `${LEASE_MS}ms` };
/** What the sink takes for an answer: so that something is under way at every kill. */
const ANSWER_MS = 40;

onBothQueues('lanes while processes die', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('keep the order of every key, and lose nothing', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    let hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    let [first, second] = [await scene.start('first', WORKER), await scene.start('second', WORKER)];
    await configureOrders(hub, sink, { retry: { attempts: 100, base: '100ms', max: '500ms', factor: 2 } });
    await hub.api('PATCH', '/api/v1/routes/orders', { orderingKey: 'data.lane' });
    sink.behave({ afterMs: ANSWER_MS });
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 60, lanes: LANES, body: (id) => ({ lane: laneOf(id) }) });
    await flow(scene);

    first.kill('SIGKILL');
    await first.exited;
    await flow(scene, 30);
    first = await scene.start('first', WORKER);
    sink.behave({ fail: 500 });
    await flow(scene, 15);
    sink.behave({ afterMs: ANSWER_MS });
    second.kill('SIGKILL');
    await second.exited;
    second = await scene.start('second', WORKER);
    await flow(scene, 30);
    hub.kill('SIGKILL');
    await hub.exited;
    hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    await flow(scene, 30);
    first.kill('SIGSTOP');
    const stoppedAt = performance.now();
    await waitFor('its leases are over', LEASE_MS + 10_000, () => performance.now() - stoppedAt > LEASE_MS + 1_500);
    await flow(scene, 30);
    first.kill('SIGCONT');
    await flow(scene, 60);

    const ledger = await load.finish();
    const wait = { timeoutMs: 90_000, repeatsMax: 5 * LANES, timesMax: 5, answeredOnly: true };
    const account = await settle(`lanes while processes die [${queue.name}]`, scene, ledger, wait);
    expect(outOfOrder(sink.arrivals)).toEqual([]);
    expect(account.sent).toBeGreaterThan(200);
  });
});

function laneOf(id: string): string {
  return id.slice(0, id.indexOf(':'));
}

/** Arrivals of something that comes before what had arrived already, by lane. */
function outOfOrder(arrivals: readonly Arrival[]): string[] {
  const newest = new Map<string, number>();
  return arrivals.flatMap(({ body }) => {
    const id = String(at(JSON.parse(body.toString('utf8')), 'number'));
    const number = Number(id.slice(id.indexOf(':') + 1));
    const before = newest.get(laneOf(id)) ?? 0;
    newest.set(laneOf(id), Math.max(before, number));
    return number === before || number === before + 1 ? [] : [`${id} after ${before}`];
  });
}
