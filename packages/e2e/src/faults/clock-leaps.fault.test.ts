/** Clocks leap an hour, both ways, under load: those of the hub and of the worker, and that of PostgreSQL. Nothing is lost, doubled or late by an hour. */
import { afterEach, expect, it } from 'vitest';
import { createFakeClock, type FakeClock, withFakeClocks } from '../harness/fake-clock.ts';
import { flow } from '../harness/flow.ts';
import { answerOf } from '../harness/hub-process.ts';
import { at } from '../harness/json.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { CONCURRENCY, configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import { waitFor } from '../harness/wait-for.ts';

const HOUR = 3_600_000;
const LEASE_MS = 3_000;
/** What a leap may cost beyond leases and retries: noticing it takes a second. */
const NOTICE_MS = 60_000;

withFakeClocks('clocks that leap an hour', () => {
  onBothQueues('under load', (queue) => {
    let scene: Scene | null = null;
    let clocks: FakeClock[] = [];
    afterEach(async () => {
      await scene?.close();
      scene = null;
      for (const clock of clocks.splice(0)) clock.remove();
    });
    const clock = () => {
      const made = createFakeClock();
      clocks = [...clocks, made];
      return made;
    };

    it('in the hub and in the worker: deliveries flow on, each once, and repeats are still known', async () => {
      const [ofHub, ofWorker] = [clock(), clock()];
      scene = await openScene(queue, 'external');
      const { sink } = scene;
      const hub = await scene.start('hub', { NAVE_ROLE: 'hub', ...ofHub.env });
      await scene.start('worker', { NAVE_ROLE: 'worker', ...ofWorker.env });
      await configureOrders(hub, sink);
      // Shorter than the leap: a hub whose clock is behind must not take keys for expired.
      await hub.api('PUT', '/api/v1/spokes/till', {
        kind: 'source',
        inbound: { verify: { scheme: 'none' }, type: 'type', idempotencyKey: 'id', idempotencyWindow: '10m' },
      });
      const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 100 });
      await flow(scene);
      let tills = 0;
      for (const [ahead, which] of [
        [HOUR, [ofHub]],
        [0, [ofHub]],
        [-HOUR, [ofHub]],
        [HOUR, [ofWorker]],
        [-HOUR, [ofWorker]],
        [HOUR, [ofHub, ofWorker]],
      ] as const) {
        for (const each of which) each.set(ahead);
        // What fails just now is retried in time.
        sink.behave({ fail: 500 });
        await flow(scene, 5, NOTICE_MS);
        sink.behave('answer');
        await flow(scene, 50, NOTICE_MS);
        tills += 1;
        const [first, second] = [await toTill(hub.url, `till-${tills}`), await toTill(hub.url, `till-${tills}`)];
        expect(second).toEqual({ messageId: first.messageId, duplicate: true });
      }
      const ledger = await load.finish();
      expect([...ledger.answers.keys()]).toEqual(['202']);
      const foreign = { foreignMessages: tills, foreignSucceeded: 0 };
      await settle(`clocks of hub and worker leap [${queue.name}]`, scene, ledger, { repeatsMax: 0, answeredOnly: true, ...foreign });
    });

    it('in PostgreSQL: retries, leases and rings stay in time, and no lease of the living ends', async () => {
      const ofServer = clock();
      scene = await openScene(queue, 'external', ofServer.env);
      const { sink } = scene;
      const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
      const doomed = await scene.start('doomed', { NAVE_ROLE: 'worker', NAVE_LEASE: `${LEASE_MS}ms` });
      await configureOrders(hub, sink, { retry: { attempts: 30, base: '2s', max: '2s', factor: 1 } });
      const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 60 });
      await flow(scene);

      // Forward, with all slots under way: whoever lives keeps its leases.
      sink.behave('hold');
      await waitFor('all slots are under way', 60_000, () => sink.held() === CONCURRENCY);
      const arrived = sink.arrivals.length;
      ofServer.set(HOUR);
      const leaptAt = performance.now();
      await waitFor('a lease and more has passed', 60_000, () => performance.now() - leaptAt > 2 * LEASE_MS);
      expect(sink.arrivals.length).toBe(arrived);
      sink.behave('answer');
      sink.release();
      await flow(scene, 50, NOTICE_MS);

      // Back, while some wait for their retry and others are leased by a worker that dies.
      sink.behave({ fail: 500 });
      await flow(scene, 20, NOTICE_MS);
      const failed = new Set(sink.arrivals.slice(-20).map(({ key }) => key));
      sink.behave('hold');
      await waitFor('all slots are under way', 60_000, () => sink.held() === CONCURRENCY);
      const held = new Set(sink.arrivals.slice(-CONCURRENCY).map(({ key }) => key));
      const from = sink.arrivals.length;
      const heir = await scene.start('heir', { NAVE_ROLE: 'worker', NAVE_LEASE: `${LEASE_MS}ms` });
      ofServer.set(-HOUR);
      await waitFor('whoever sweeps has seen it', 60_000, () => /went back/.test(doomed.output() + heir.output()));
      doomed.kill('SIGKILL');
      await doomed.exited;
      sink.behave('answer');
      sink.release();
      await waitFor('retries and what the dead had leased arrive again', LEASE_MS + 2_000 + NOTICE_MS, () => {
        const again = new Set(sink.arrivals.slice(from).map(({ key }) => key));
        return [...held, ...failed].every((key) => again.has(key));
      });

      const ledger = await load.finish();
      const wait = { timeoutMs: 60_000, repeatsMax: CONCURRENCY, answeredOnly: true };
      const account = await settle(`clock of PostgreSQL leaps [${queue.name}]`, scene, ledger, wait);
      // What the dead worker was in the middle of, and nothing that a leap took from the living.
      expect([...account.repeated.keys()].filter((key) => !held.has(key))).toEqual([]);
    });
  });
});

async function toTill(url: string, id: string): Promise<{ messageId: unknown; duplicate: boolean }> {
  const body = JSON.stringify({ id, type: 'note' });
  const answer = await answerOf(
    await fetch(`${url}/hooks/till`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
  );
  expect(answer.status).toBe(202);
  return { messageId: at(answer.body, 'messageId'), duplicate: at(answer.body, 'duplicate') === true };
}
