/**
 * A worker is frozen (SIGSTOP) past its leases, and it was the one that sweeps: another takes over both. When it wakes up, what it had sent is answered late:
 * its results change nothing, and it sends nothing any more that is not its own.
 */
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { CONCURRENCY, configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import { countOf } from '../harness/sql.ts';
import { waitFor } from '../harness/wait-for.ts';

const LEASE_MS = 3_000;
/** Until the server ends the session of the frozen sweeper, and the next one has looked. */
const TAKEOVER_MS = LEASE_MS + 60_000;

onBothQueues('a worker that is frozen past its leases', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('is replaced, and changes nothing when it wakes up', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    const short = { NAVE_ROLE: 'worker', NAVE_LEASE: `${LEASE_MS}ms` };
    const frozen = await scene.start('frozen', short);
    await configureOrders(hub, sink);
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 60 });
    await flow(scene);
    sink.behave('hold');
    await waitFor('all slots are under way', 60_000, () => sink.held() === CONCURRENCY);
    const held = new Set(sink.arrivals.slice(-CONCURRENCY).map(({ key }) => key));
    await scene.start('heir', short);
    frozen.kill('SIGSTOP');
    const from = sink.arrivals.length;
    sink.behave('answer');
    await waitFor('the heir delivers what the frozen one had', TAKEOVER_MS, () => {
      const again = new Set(sink.arrivals.slice(from).map(({ key }) => key));
      return [...held].every((key) => again.has(key));
    });
    const url = scene.databaseUrl();
    const open = () => countOf(url, `SELECT count(*) AS n FROM delivery WHERE id = ANY($1::uuid[]) AND state <> 'succeeded'`, [[...held]]);
    await waitFor('the heir has recorded them', 60_000, async () => (await open()) === 0);

    // What it sent before is refused now: were its results recorded, these would be tried a third time.
    const woke = sink.arrivals.length;
    sink.release(500);
    frozen.kill('SIGCONT');
    await flow(scene, 100);
    const ledger = await load.finish();
    expect(sink.arrivals.slice(woke).filter(({ key }) => held.has(key))).toEqual([]);
    const account = await settle(`frozen worker [${queue.name}]`, scene, ledger, { timeoutMs: 60_000, repeatsMax: CONCURRENCY });
    expect(new Set(account.repeated.keys())).toEqual(held);
    expect(await countOf(url, `SELECT count(*) AS n FROM attempt WHERE outcome <> 'ok'`)).toBe(0);
    expect(frozen.running()).toBe(true);
  });
});
