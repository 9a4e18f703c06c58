/** Payments that may not be booked twice, through a whole hub: a system that books and never answers, one that does neither, and workers that die. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ErpSimulator, type SimulatorFault, startErpSimulator } from '@nave/adapters/simulators';
import { type Database, openDatabase } from '@nave/store';
import { type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningHub, startHub } from './start-hub.ts';

const ADMIN_KEY = 'admin-key-for-tests-0123456789';
const SOON = { timeout: 40_000, interval: 50 };
const BOOKS_AND_HANGS: SimulatorFault = { kind: 'hang', applied: true };
const HANGS: SimulatorFault = { kind: 'hang' };

let database: DisposableDatabase;
let db: Database;
let hub: RunningHub;
let bank: ErpSimulator;
let dir: string;
let count = 0;

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape; what the tests find in them is what they check.
async function api(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${hub.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function put(path: string, body: unknown): Promise<void> {
  const answer = await api('PUT', path, body);
  expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
}

/** Sends one payment and answers its reference and message. */
async function send(type: string): Promise<{ reference: string; messageId: string }> {
  count += 1;
  const reference = `P${count}`;
  const answer = await fetch(`${hub.url}/hooks/shop`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type, reference, amount: 100 }),
  });
  const { messageId } = JSON.parse(await answer.text());
  return { reference, messageId };
}

async function deliveryOf(messageId: string, step = 'pay') {
  const { body } = await api('GET', `deliveries?messageId=${messageId}`);
  const found = body.items.find((each: { step: string }) => each.step === step);
  return found === undefined ? null : (await api('GET', `deliveries/${found.id}`)).body;
}

const inState = async (messageId: string, state: string, step?: string) => {
  await expect.poll(async () => (await deliveryOf(messageId, step))?.state, SOON).toBe(state);
  return deliveryOf(messageId, step);
};
const bookings = (reference: string) => bank.payments().filter((payment) => payment.reference === reference).length;
const outcomes = (delivery: { attempts: { outcome: string }[] }) => delivery.attempts.map(({ outcome }) => outcome);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'nave-unknown-'));
  database = await disposableDatabase();
  db = openDatabase({ url: database.url, applicationName: 'test', hotConnections: 1, queryConnections: 1 });
  bank = await startErpSimulator();
  hub = await startHub({
    env: {
      ...{ DATABASE_URL: database.url, NAVE_SECRET_KEY: Buffer.alloc(32, 5).toString('base64'), NAVE_ADMIN_KEY: ADMIN_KEY },
      ...{ NAVE_DATA_DIR: dir, NAVE_PORT: '0', NAVE_EGRESS: '127.0.0.1', NAVE_LOG_LEVEL: 'silent' },
    },
  });
  const pay = { method: 'POST', path: '/payments/{reference}', idempotent: 'never' };
  const find = { method: 'GET', path: '/payments/{reference}' };
  // The time of a payment is short, because half of them run into it, and enough for one that is answered on a busy machine.
  const policy = { timeout: '1500ms', retry: { attempts: 4, base: '10ms', max: '50ms', factor: 2 }, breaker: { failures: 10_000 } };
  const bankOf = (operations: Record<string, object>) => ({
    ...{ kind: 'rest', config: { baseUrl: bank.url, operations } },
    policy: operations['find'] === undefined ? policy : { ...policy, operations: { find: { timeout: '10s' } } },
  });
  await put('spokes/shop', { kind: 'source', inbound: { verify: { scheme: 'none' }, type: 'type' } });
  await put('spokes/bank', bankOf({ pay: { ...pay, lookup: 'find' }, find }));
  await put('spokes/deaf-bank', bankOf({ pay }));
  const shaky = bankOf({ pay: { ...pay, lookup: 'find' }, find });
  await put('spokes/shaky-bank', { ...shaky, policy: { ...shaky.policy, breaker: { failures: 2, cooldown: '500ms' } } });
  await put('spokes/erp', bankOf({ note: { method: 'POST', path: '/invoices/{payment}' } }));
  const route = (name: string, steps: object[]) => put(`routes/${name}`, { from: { spoke: 'shop', type: name }, steps });
  const input = '{ "reference": data.reference, "amount": data.amount }';
  await route('asked', [{ name: 'pay', to: 'bank', operation: 'pay', input }]);
  await route('chained', [
    { name: 'pay', to: 'bank', operation: 'pay', input },
    { name: 'note', to: 'erp', input: '{ "payment": "N" & $string(steps.pay.payment) }' },
  ]);
  await route('unasked', [{ name: 'pay', to: 'deaf-bank', input }]);
  await route('shaky', [{ name: 'pay', to: 'shaky-bank', operation: 'pay', input }]);
  await route('once', [{ name: 'pay', to: 'bank', operation: 'pay', input, atMostOnce: true }]);
});
afterAll(async () => {
  await hub?.stop();
  await bank?.close();
  await db?.close();
  await database?.drop();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => bank.heal());

describe('a system that can be asked', () => {
  it('is asked when it booked and never answered: one booking, and its answer is what was found', async () => {
    bank.fail(BOOKS_AND_HANGS, 1);
    const { reference, messageId } = await send('chained');
    const delivery = await inState(messageId, 'succeeded');
    expect(bookings(reference)).toBe(1);
    expect(outcomes(delivery)).toEqual(['timeout', 'ok']);
    expect(delivery.attempts[1].detail).toMatch(/^Lookup find: found/);
    // The next step works with what was found.
    await inState(messageId, 'succeeded', 'note');
    expect(bank.invoices().map(({ number }) => number)).toContain(
      `N${bank.payments().findIndex((each) => each.reference === reference) + 1}`,
    );
  });

  it('gets the payment again, under the same key, when it says that it has none', async () => {
    bank.fail(HANGS, 1);
    const { reference, messageId } = await send('asked');
    const delivery = await inState(messageId, 'succeeded');
    expect(bookings(reference)).toBe(1);
    expect(outcomes(delivery)).toEqual(['timeout', 'rejected', 'ok']);
    const keys = bank.requests().filter(({ method, target }) => method === 'POST' && target.endsWith(`/${reference}`));
    expect(new Set(keys.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set([delivery.id]));
  });

  it('is asked when the worker was killed in between', async () => {
    const { reference, messageId } = await killedWhileSending('asked', async (paid) => {
      await fetch(`${bank.url}/payments/${paid}`, { method: 'POST', body: '{}' });
    });
    const delivery = await inState(messageId, 'succeeded');
    expect(bookings(reference)).toBe(1);
    expect(outcomes(delivery)).toEqual(['rejected', 'ok']);
  });

  it('is asked in vain a bounded number of times, then a person decides', async () => {
    bank.fail(BOOKS_AND_HANGS, 1);
    const { reference, messageId } = await send('asked');
    await expect.poll(() => bookings(reference), SOON).toBe(1);
    bank.fail({ kind: 'status', status: 500 });
    await expect.poll(async () => (await deliveryOf(messageId))?.reason, SOON).toBe('lookup.failed');
    const delivery = await deliveryOf(messageId);
    expect(delivery).toMatchObject({ state: 'unknown', nextAttemptAt: null, actions: ['cancel', 'resolve'], choices: ['done', 'notDone'] });
    expect(bookings(reference)).toBe(1);
    expect(delivery.attempts).toHaveLength(5);
    bank.heal();
    const resolved = await api('POST', `deliveries/${delivery.id}/resolve`, { outcome: 'done', output: { payment: 1 } });
    expect(resolved).toMatchObject({ status: 200, body: { state: 'succeeded' } });
  });
});

describe('a system whose breaker opened over payments that were never answered', () => {
  it('is asked about them as the probe that closes it, with nothing else to send', async () => {
    bank.fail(BOOKS_AND_HANGS, 3);
    const sent = [await send('shaky'), await send('shaky'), await send('shaky')];
    for (const { messageId } of sent) await inState(messageId, 'succeeded');
    expect(sent.map(({ reference }) => bookings(reference))).toEqual([1, 1, 1]);
  });
});

describe('a system that cannot be asked', () => {
  it('leaves it to a person, who says that it was done', async () => {
    bank.fail(BOOKS_AND_HANGS, 1);
    const { reference, messageId } = await send('unasked');
    const { id, ...delivery } = await inState(messageId, 'unknown');
    expect(delivery).toMatchObject({ reason: 'unanswered', nextAttemptAt: null, choices: ['done', 'notDone'] });
    expect((await api('POST', `deliveries/${id}/resolve`, { outcome: 'done' })).body.state).toBe('succeeded');
    expect(bookings(reference)).toBe(1);
  });

  it('gets it again, under the same key, when a person says that it was not done', async () => {
    bank.fail(HANGS, 1);
    const { reference, messageId } = await send('unasked');
    const { id } = await inState(messageId, 'unknown');
    expect((await api('POST', `deliveries/${id}/resolve`, { outcome: 'notDone' })).status).toBe(200);
    expect(outcomes(await inState(messageId, 'succeeded'))).toEqual(['timeout', 'ok']);
    expect(bookings(reference)).toBe(1);
  });

  it('is left to a person when the worker was killed in between', async () => {
    const { reference, messageId } = await killedWhileSending('unasked');
    await expect.poll(async () => (await deliveryOf(messageId))?.attemptCount, SOON).toBe(2);
    expect(await deliveryOf(messageId)).toMatchObject({
      state: 'unknown',
      reason: 'unanswered',
      attempts: [{}, { outcome: 'unknown', status: null }],
    });
    expect(bookings(reference)).toBe(0);
  });
});

describe('a step that is sent at most once', () => {
  it('is dead once it may have left, whether it was answered or not, and goes again only by a person', async () => {
    bank.fail(BOOKS_AND_HANGS, 1);
    const hung = await send('once');
    const delivery = await inState(hung.messageId, 'dead');
    expect(delivery).toMatchObject({ reason: 'at-most-once', attempts: [{ outcome: 'timeout' }] });
    expect(bookings(hung.reference)).toBe(1);
    bank.fail({ kind: 'status', status: 500 }, 1);
    const failed = await send('once');
    const { id } = await inState(failed.messageId, 'dead');
    expect(bookings(failed.reference)).toBe(0);
    expect((await api('POST', `deliveries/${id}/retry`)).status).toBe(200);
    await inState(failed.messageId, 'succeeded');
    expect(bookings(failed.reference)).toBe(1);
  });

  it('is tried again when the system turned it away because of load', async () => {
    bank.fail({ kind: 'status', status: 429 }, 2);
    const { reference, messageId } = await send('once');
    expect(outcomes(await inState(messageId, 'succeeded'))).toEqual(['throttled', 'throttled', 'ok']);
    expect(bookings(reference)).toBe(1);
  });
});

describe('any number of faults', () => {
  it('leaves exactly one booking of each payment', async () => {
    const faults: SimulatorFault[] = [
      ...[BOOKS_AND_HANGS, HANGS, { kind: 'reset', when: 'before-answer', applied: true } as const],
      ...[{ kind: 'reset', when: 'before-answer' } as const, { kind: 'status', status: 503, headers: { 'Retry-After': '0' } } as const],
    ];
    const sent: { reference: string; messageId: string }[] = [];
    for (let n = 0; n < 15; n++) {
      const fault = faults[n % faults.length];
      if (fault !== undefined) bank.fail(fault, 1);
      sent.push(await send('asked'));
      const { reference } = sent.at(-1) ?? { reference: '' };
      await expect.poll(() => bank.requests().some(({ target }) => target.endsWith(`/${reference}`)), SOON).toBe(true);
    }
    bank.heal();
    for (const { messageId } of sent) await inState(messageId, 'succeeded');
    expect(sent.map(({ reference }) => bookings(reference))).toEqual(sent.map(() => 1));
  });
});

/** A delivery as a worker leaves it that was killed while its second request was on the way: leased, marked, and nobody there to renew. */
async function killedWhileSending(
  type: string,
  arrives: (reference: string) => Promise<void> = async () => undefined,
): Promise<{ reference: string; messageId: string }> {
  bank.fail({ kind: 'status', status: 400 }, 1);
  const sent = await send(type);
  await inState(sent.messageId, 'dead');
  await arrives(sent.reference);
  await db.hot.query(
    `UPDATE delivery SET state = 'active', sending = true, finished_at = NULL, lease_owner = 'killed', fence = fence + 1, due_at = now() - interval '1 second' WHERE message_id = $1`,
    [sent.messageId],
  );
  return sent;
}
