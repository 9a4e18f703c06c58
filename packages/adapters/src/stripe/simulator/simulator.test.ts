import { createServer } from 'node:http';
import { compileVerifier } from '@nave/security';
import { expect, it } from 'vitest';
import { startStripeSimulator } from './index.ts';

it('signs its webhooks so that the hub takes them, loses them when told to, and keeps them in its list', async () => {
  const now = () => Date.UTC(2026, 10, 21);
  const secret = 'whsec_test';
  const verify = compileVerifier([{ scheme: 'stripe', secrets: [{ secret, notAfterMs: null }], options: {} }], {
    clock: { now },
    fetchJwks: async () => ({ keys: [] }),
  });
  const verdicts: boolean[] = [];
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const raw = {
      method: 'POST',
      target: '/',
      publicUrl: 'http://hub/',
      query: {},
      remoteAddress: '127.0.0.1',
      headers,
      body: Buffer.concat(chunks),
    };
    verdicts.push((await verify(raw)).ok);
    response.writeHead(202).end();
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const address = receiver.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const stripe = await startStripeSimulator({ now, webhook: { url: `http://127.0.0.1:${address.port}`, secret } });
  stripe.pay(100, 'eur');
  stripe.loseWebhooks(true);
  stripe.pay(200, 'eur');
  expect(await stripe.webhooksSent()).toEqual([202]);
  expect(verdicts).toEqual([true]);
  expect(stripe.list('events')).toHaveLength(2);
  await stripe.close();
  await new Promise((done) => receiver.close(done));
});
