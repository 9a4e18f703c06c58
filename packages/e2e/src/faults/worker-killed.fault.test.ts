/** `kill -9` of a worker in the middle of its deliveries: another one takes over when the leases have run out, under the same keys. */
import { afterEach, expect, it } from 'vitest';
import { listAt, textAt } from '../harness/json.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { CONCURRENCY, configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import { startSink } from '../harness/sink.ts';
import { countOf } from '../harness/sql.ts';
import { waitFor } from '../harness/wait-for.ts';

const LEASE_MS = 3_000;
/** The sweep looks once a second. */
const TAKEOVER_MS = LEASE_MS + 60_000;

onBothQueues('kill -9 of a worker mid-delivery', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('delivers again what was under way, and only that; what must not be sent twice waits for a person', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    const ledgerSink = await startSink();
    try {
      const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
      const short = { NAVE_ROLE: 'worker', NAVE_LEASE: `${LEASE_MS}ms` };
      const doomed = await scene.start('doomed', short);
      await configureOrders(hub, sink);
      // A payment that its receiver cannot de-duplicate.
      await hub.api('PUT', '/api/v1/spokes/bank', {
        kind: 'rest',
        config: { baseUrl: ledgerSink.url, operations: { pay: { method: 'POST', path: '/payments', idempotent: 'never' } } },
      });
      await hub.api('PUT', '/api/v1/spokes/till', { kind: 'source', inbound: { verify: { scheme: 'none' }, type: 'type' } });
      await hub.api('PUT', '/api/v1/routes/payments', {
        from: { spoke: 'till', type: 'payment' },
        steps: [{ name: 'pay', to: 'bank', operation: 'pay' }],
      });
      ledgerSink.behave('hold');
      const payment = await fetch(`${hub.url}/hooks/till`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"type":"payment","amount":10}',
      });
      const paymentId = textAt(await payment.json(), 'messageId');
      await waitFor('the payment is under way', 60_000, () => ledgerSink.held() === 1);

      const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 100 });
      await waitFor('deliveries flow', 60_000, () => sink.arrivals.length > 100);
      sink.behave('hold');
      await waitFor('all slots are under way', 60_000, () => sink.held() === CONCURRENCY);
      const held = new Set(sink.arrivals.slice(-CONCURRENCY).map(({ key }) => key));
      // Alive before the other one dies, so that only the takeover is measured.
      await scene.start('heir', short);
      const url = scene.databaseUrl();
      doomed.kill('SIGKILL');
      await doomed.exited;
      const diedAt = performance.now();
      sink.behave('answer');
      sink.release();
      const leased = () => countOf(url, 'SELECT count(*) AS n FROM delivery WHERE id = ANY($1::uuid[]) AND fence = 1', [[...held]]);
      await waitFor('the leases of the dead are taken back', TAKEOVER_MS, async () => (await leased()) === 0);
      console.log(`takeover after ${Math.round(performance.now() - diedAt)} ms with a lease of ${LEASE_MS} ms [${queue.name}]`);
      const ledger = await load.finish();

      const paid = async () => listAt(await hub.api('GET', `/api/v1/messages/${paymentId}`), 'deliveries')[0];
      await waitFor('the payment is unknown', LEASE_MS + 60_000, async () => textAt(await paid(), 'state') === 'unknown');
      await hub.api('POST', `/api/v1/deliveries/${textAt(await paid(), 'id')}/resolve`, { outcome: 'done' });
      expect(textAt(await paid(), 'state')).toBe('succeeded');
      expect(ledgerSink.arrivals).toHaveLength(1);

      const wait = { timeoutMs: LEASE_MS + 90_000, repeatsMax: CONCURRENCY, foreignMessages: 1 };
      const account = await settle(`kill -9 of a worker [${queue.name}]`, scene, ledger, wait);
      // What the dead worker was in the middle of, exactly, and nothing else.
      expect(new Set(account.repeated.keys())).toEqual(held);
    } finally {
      ledgerSink.release();
      await ledgerSink.close();
    }
  });
});
