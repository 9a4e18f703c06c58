/** `kill -9` of the hub while a caller waits for its answer: the call is made once more by somebody else, under its own key, and its answer is kept for the caller. */
import { afterEach, expect, it } from 'vitest';
import { ADMIN_KEY } from '../harness/hub-process.ts';
import { textAt } from '../harness/json.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { openScene, type Scene } from '../harness/scene.ts';
import { waitFor } from '../harness/wait-for.ts';

const PATIENCE_MS = 60_000;

onBothQueues('kill -9 of the hub in the middle of a call', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('hands the call to a worker when the lease is over, and answers the caller who asks again', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    const env = { NAVE_LEASE: '3s' };
    let hub = await scene.start('hub', { ...env, NAVE_ROLE: 'hub' });
    await scene.start('worker', { ...env, NAVE_ROLE: 'worker' });
    await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source' });
    await hub.api('PUT', '/api/v1/spokes/erp', {
      kind: 'rest',
      config: { baseUrl: sink.url, operations: { ask: { method: 'POST', path: '/ask' } } },
      policy: { timeout: '60s' },
    });
    await hub.api('PUT', '/api/v1/routes/ask', {
      ...{ from: { spoke: 'shop', type: 'asked' }, mode: 'reply', timeout: '50s' },
      steps: [{ name: 'ask', to: 'erp', operation: 'ask' }],
    });
    const ask = async (url: string) => {
      const response = await fetch(`${url}/call/ask`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json', 'idempotency-key': 'the-call' },
        body: '{"n":1}',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return { status: response.status, body: await response.text(), messageId: response.headers.get('x-nave-message-id') };
    };
    sink.behave('hold');
    const first = ask(hub.url).catch(() => null);
    await waitFor('the call is at the system', PATIENCE_MS, () => sink.held() === 1);
    hub.kill('SIGKILL');
    await hub.exited;
    expect(await first).toBeNull();
    sink.behave('answer');
    hub = await scene.start('hub', { ...env, NAVE_ROLE: 'hub' });
    const again = await ask(hub.url);
    expect([again.status, again.body]).toEqual([200, '{"ok":true}']);
    // Twice at the system, under one key: the first time nobody lived to hear the answer.
    expect(sink.arrivals.map(({ key }) => key)).toEqual([sink.arrivals[0]?.key, sink.arrivals[0]?.key]);
    await waitFor('the message is completed', PATIENCE_MS, async () => {
      const message = await hub.api('GET', `/api/v1/messages/${again.messageId}`);
      return textAt(message, 'state') === 'completed' ? message : null;
    });
    expect(await ask(hub.url)).toEqual(again);
    expect(sink.arrivals).toHaveLength(2);
  });
});
