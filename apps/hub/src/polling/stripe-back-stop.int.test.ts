import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StripeSimulator, startStripeSimulator } from '@nave/adapters/simulators';
import { type DisposableDatabase, disposableDatabase, recordingLogger } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningHub, startHub } from '../start-hub.ts';

const ADMIN = 'admin-key-for-tests-0123456789';
const SECRET = 'whsec_of_the_endpoint';
let disposable: DisposableDatabase;
let stripe: StripeSimulator;
let hub: RunningHub;
const dataDir = mkdtempSync(join(tmpdir(), 'nave-stripe-'));

beforeAll(async () => {
  disposable = await disposableDatabase();
  stripe = await startStripeSimulator();
  const env = {
    ...{ DATABASE_URL: disposable.url, NAVE_PORT: '0', NAVE_ADMIN_KEY: ADMIN, NAVE_DATA_DIR: dataDir, NAVE_EGRESS: '127.0.0.0/8' },
    NAVE_SECRET_KEY: randomBytes(32).toString('base64'),
  };
  hub = await startHub({ env, logger: recordingLogger() });
});
afterAll(async () => {
  await hub?.stop();
  await stripe.close();
  await disposable.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${hub.url}/api/v1/${path}`, {
    method,
    headers: { Authorization: `Bearer ${ADMIN}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

const spoke = (poll: unknown) => ({
  kind: 'stripe',
  config: { baseUrl: stripe.url },
  credentials: { type: 'bearer', token: 'sk_test_simulated' },
  inbound: { verify: { scheme: 'stripe', secret: SECRET }, poll },
});
const keys = async () =>
  (await call('GET', 'messages?spoke=pay')).body.items.map((each: { idempotencyKey: string }) => each.idempotencyKey).sort();
const events = () => stripe.list('events').map(({ id }) => id);

describe('the events of a Stripe account', () => {
  it('come once, by webhook or by poll, and what a webhook lost is found', async () => {
    const unknown = await call('PUT', 'spokes/pay', spoke({ payments: {} }));
    expect(unknown).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/inbound/poll/payments', message: 'unknown poll, expected one of events' }] },
    });
    const made = await call('PUT', 'spokes/pay', spoke({ events: { every: '1h' } }));
    expect(made).toMatchObject({ status: 201, body: { inbound: { poll: { events: { every: '1h' } } } } });
    stripe.setWebhook({ url: `${hub.url}/hooks/pay`, secret: SECRET });
    // The first turn comes by itself and takes nothing of the past.
    await expect.poll(async () => (await call('GET', 'spokes/pay')).body.polls.events.lastAt, { timeout: 10_000 }).not.toBeNull();

    stripe.pay(100, 'eur');
    expect(await stripe.webhooksSent()).toEqual([202]);
    stripe.loseWebhooks(true);
    stripe.pay(200, 'eur');
    expect(await keys()).toEqual(events().slice(0, 1));
    expect(await call('POST', 'spokes/pay/polls/events/run')).toMatchObject({
      ...{ status: 200, body: { ok: true, items: 2, duplicates: 1, refused: 0, more: false, status: { failures: 0, lastError: null } } },
    });
    expect(await keys()).toEqual(events());
    expect((await call('POST', 'spokes/pay/polls/events/run')).body).toMatchObject({ ok: true, duplicates: 2 });

    // Stripe tries for days: the webhook of an event that the poll has brought is a repeat.
    stripe.sendLostWebhooks();
    expect(await stripe.webhooksSent()).toEqual([202, 202]);
    expect(await keys()).toEqual(events());

    const shown = await call('GET', 'spokes/pay');
    expect(shown.body.polls.events).toMatchObject({ failures: 0, lastError: null });
    expect((await call('PUT', 'spokes/pay', shown.body)).body.version).toBe(shown.body.version);
    const audit = (await call('GET', 'audit')).body.items.map(({ action }: { action: string }) => action);
    expect(audit).toContain('poll.run');
    expect(audit).not.toContain('idempotency.mismatch');
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toMatch(/nave_polls_total\{spoke="pay",poll="events",result="ok"\} 3/);
  });

  it('wait while the spoke is paused, and say why they cannot be had', async () => {
    await call('POST', 'spokes/pay/pause');
    expect(await call('POST', 'spokes/pay/polls/events/run')).toMatchObject({ status: 409, body: { code: 'state.conflict' } });
    await call('POST', 'spokes/pay/resume', {});
    expect(await call('POST', 'spokes/pay/polls/nothing/run')).toMatchObject({ status: 404 });
    stripe.refuse('rate_limit', 1);
    const failed = await call('POST', 'spokes/pay/polls/events/run');
    expect(failed.body).toMatchObject({ ok: false, detail: expect.stringContaining('rate_limit'), status: { failures: 1 } });
  });
});
