/** Contract sections 5 and 6, call by call: states of messages and deliveries, what people may do to them, what a spoke receives, what can be watched. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { watchStream } from './contract/event-stream.ts';
import { type HubUnderTest, hubUnderTest } from './contract/hub-under-test.ts';
import { ADMIN_KEY } from './harness/hub-process.ts';
import { at, listAt, textAt } from './harness/json.ts';
import { sql } from './harness/sql.ts';
import { waitFor } from './harness/wait-for.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
let test: HubUnderTest;

async function send(type: string, data: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<string> {
  const answer = await test.post('/hooks/shop', JSON.stringify({ type, ...data }), { ...JSON_TYPE, ...headers });
  expect(answer.status).toBe(202);
  return textAt(answer.body, 'messageId');
}

async function act(deliveryId: string, action: string, body?: unknown) {
  return test.hub.call('POST', `/api/v1/deliveries/${deliveryId}/${action}`, body);
}

beforeAll(async () => {
  test = await hubUnderTest();
  const { hub, sink } = test;
  await hub.api('PUT', '/api/v1/spokes/shop', {
    kind: 'source',
    inbound: { verify: { scheme: 'none' }, type: 'type', keys: { order: 'number' } },
  });
  await hub.api('PUT', '/api/v1/spokes/erp', {
    kind: 'rest',
    config: {
      baseUrl: sink.url,
      operations: {
        take: { method: 'POST', path: '/take' },
        byNumber: { method: 'PUT', path: '/orders/{number}', query: { draft: 'draft' }, headers: { 'X-Shop': "'cz'" } },
      },
    },
    credentials: { type: 'bearer', token: 'the-token-of-erp' },
    policy: { concurrency: 20, retry: { attempts: 2, base: '20ms', max: '20ms', factor: 1 } },
  });
  await hub.api('PUT', '/api/v1/spokes/once', {
    kind: 'rest',
    config: { baseUrl: sink.url, operations: { pay: { method: 'POST', path: '/pay', idempotent: 'never' } } },
    policy: { timeout: '1500ms' },
  });
  await hub.api('PUT', '/api/v1/spokes/partner', {
    kind: 'webhook',
    config: { url: `${sink.url}/partner` },
    credentials: { type: 'standard-webhooks', secret: `whsec_${Buffer.alloc(32, 3).toString('base64')}` },
  });
  const route = (name: string, type: string, step: Record<string, unknown>, when?: string) =>
    hub.api('PUT', `/api/v1/routes/${name}`, {
      from: { spoke: 'shop', type },
      steps: [{ name: 'only', ...step }],
      ...(when === undefined ? {} : { when }),
    });
  await route('take', 'take', { to: 'erp', operation: 'take' });
  await route('filtered', 'filtered.*', { to: 'erp', operation: 'take' }, 'data.total > 10');
  await route('number', 'number', {
    to: 'erp',
    operation: 'byNumber',
    input: '{ "number": data.number, "draft": true, "type": type, "source": source }',
  });
  await route('pay', 'pay', { to: 'once' });
  await route('partner', 'partner', { to: 'partner' });
  await hub.api('PUT', '/api/v1/routes/chain', {
    from: { spoke: 'shop', type: 'chain' },
    steps: [
      { name: 'first', to: 'erp', operation: 'take', input: '{ "n": data.n }' },
      { name: 'second', to: 'erp', operation: 'take', input: '{ "was": steps.first.ok, "status": $response("first").status }' },
    ],
  });
});
afterAll(() => test?.close());
beforeEach(() => test.sink.behave('answer'));

describe('what a spoke receives', () => {
  it('gets its key, the message id, the attempt and a trace, with its credentials, and the same key on every attempt', async () => {
    const { sink, deliveryIn } = test;
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    sink.behave({ fail: 503 });
    const id = await send('take', { n: 1 }, { traceparent: parent });
    const dead = await deliveryIn(id, 'dead');
    const arrivals = sink.arrivals.filter(({ messageId }) => messageId === id);
    expect(arrivals.map(({ attempt }) => attempt)).toEqual([1, 2]);
    for (const { key, headers } of arrivals) {
      expect(key).toBe(textAt(dead, 'id'));
      expect(headers['authorization']).toBe('Bearer the-token-of-erp');
      expect(String(headers['traceparent'])).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    }
    expect(listAt(dead, 'attempts')).toMatchObject([
      { number: 1, outcome: 'fault', status: 503 },
      { number: 2, outcome: 'fault', status: 503 },
    ]);
    expect(dead).toMatchObject({ reason: 'retries.exhausted', attemptCount: 2 });
  });

  it('gets mapped paths, queries, headers and bodies; what is in a path cannot add segments', async () => {
    const { sink, arrivalOf, messageIn } = test;
    const arrival = await arrivalOf(await send('number', { number: '7 ä?x=1#y' }));
    expect(arrival.method).toBe('PUT');
    expect(arrival.path).toBe('/orders/7%20%C3%A4%3Fx%3D1%23y?draft=true');
    expect(arrival.headers['x-shop']).toBe('cz');
    expect(JSON.parse(arrival.body.toString('utf8'))).toEqual({ number: '7 ä?x=1#y', draft: true, type: 'number', source: 'shop' });
    const trick = await send('number', { number: '../../admin' });
    expect(await messageIn(trick, 'failed')).toMatchObject({ deliveries: [{ state: 'dead', reason: expect.stringContaining('invalid') }] });
    expect(sink.arrivals.some(({ messageId }) => messageId === trick)).toBe(false);
  });

  it('gets webhooks signed as Standard Webhooks prescribes, under the delivery id', async () => {
    const { arrivalOf } = test;
    const { headers, body, key } = await arrivalOf(await send('partner', { n: 1 }));
    expect(headers['webhook-id']).toBe(key);
    const signed = `${key}.${headers['webhook-timestamp']}.${body.toString('utf8')}`;
    const signature = createHmac('sha256', Buffer.alloc(32, 3)).update(signed).digest('base64');
    expect(String(headers['webhook-signature']).split(' ')).toContain(`v1,${signature}`);
  });

  it('gets the steps of a route in order, each with what the earlier ones answered', async () => {
    const { sink, messageIn } = test;
    const id = await send('chain', { n: 1 });
    await messageIn(id, 'completed');
    const bodies = sink.arrivals.filter(({ messageId }) => messageId === id).map(({ body }) => JSON.parse(body.toString('utf8')));
    expect(bodies).toEqual([{ n: 1 }, { was: true, status: 200 }]);
  });
});

describe('states', () => {
  it('completed, unrouted, filtered and failed messages say so', async () => {
    const { hub, sink, messageIn } = test;
    const done = await messageIn(await send('take', { number: 'A-1' }), 'completed');
    expect(done).toMatchObject({
      source: 'shop',
      type: 'take',
      keys: ['order'],
      deliveries: [{ state: 'succeeded', spoke: 'erp', route: 'take', step: 'only', attemptCount: 1 }],
    });
    expect(textAt(done, 'id')).toMatch(UUID);
    expect(listAt(done, 'timeline').map((entry) => at(entry, 'event'))).toEqual([
      'received',
      'delivery.created',
      'attempt.ok',
      'delivery.succeeded',
    ]);
    expect(listAt(await hub.api('GET', '/api/v1/messages?q=A-1'), 'items').map((item) => at(item, 'id'))).toEqual([textAt(done, 'id')]);
    await messageIn(await send('nobody-takes-this'), 'unrouted');
    expect(await messageIn(await send('filtered.x', { total: 1 }), 'completed')).toMatchObject({
      deliveries: [{ state: 'skipped', reason: 'filtered' }],
    });
    sink.behave({ fail: 422 });
    expect(await messageIn(await send('take'), 'failed')).toMatchObject({
      deliveries: [{ state: 'dead', reason: 'rejected', attemptCount: 1 }],
    });
    const listed = listAt(await hub.api('GET', '/api/v1/messages?state=failed,unrouted&spoke=shop'), 'items');
    expect(new Set(listed.map((item) => at(item, 'state')))).toEqual(new Set(['failed', 'unrouted']));
  });

  it('what was sent and not answered on an operation that is never idempotent is unknown until a person says', async () => {
    const { hub, sink, deliveryIn } = test;
    sink.behave('hold');
    const id = await send('pay');
    const delivery = await deliveryIn(id, 'unknown');
    const deliveryId = textAt(delivery, 'id');
    expect((await act(deliveryId, 'retry')).status).toBe(409);
    sink.release();
    sink.behave('answer');
    expect((await act(deliveryId, 'resolve', { outcome: 'notDone' })).status).toBe(200);
    await deliveryIn(id, 'succeeded');
    expect(sink.arrivals.filter(({ messageId }) => messageId === id).map(({ key }) => key)).toEqual([deliveryId, deliveryId]);
    expect((await act(deliveryId, 'resolve', { outcome: 'done' })).status).toBe(409);
    expect(await hub.api('GET', `/api/v1/deliveries/${deliveryId}`)).toMatchObject({ id: deliveryId, state: 'succeeded' });
  });
});

describe('interventions', () => {
  it('a dead delivery is retried under its key, skipped or cancelled; anything else is 409', async () => {
    const { sink, deliveryIn, messageIn } = test;
    sink.behave({ fail: 400 });
    const [first, second, third] = [await send('take'), await send('take'), await send('take')];
    const deliveries = [await deliveryIn(first, 'dead'), await deliveryIn(second, 'dead'), await deliveryIn(third, 'dead')].map((each) =>
      textAt(each, 'id'),
    );
    const [retried = '', skipped = '', cancelled = ''] = deliveries;
    sink.behave('answer');
    expect((await act(retried, 'retry')).status).toBe(200);
    await messageIn(first, 'completed');
    const arrivals = sink.arrivals.filter(({ messageId }) => messageId === first);
    expect(arrivals.map(({ key, attempt }) => [key, attempt])).toEqual([
      [retried, 1],
      [retried, 2],
    ]);
    expect((await act(skipped, 'skip')).body).toMatchObject({ state: 'skipped' });
    await messageIn(second, 'completed');
    expect((await act(cancelled, 'cancel')).body).toMatchObject({ state: 'cancelled' });
    for (const id of deliveries) expect((await act(id, 'retry')).status).toBe(409);
    expect((await act(skipped, 'approve')).status).toBe(409);
  });

  it('a pause holds what comes and a resume lets it go', async () => {
    const { hub, sink, deliveryIn, arrivalOf } = test;
    expect(await hub.api('POST', '/api/v1/queues/erp/pause')).toMatchObject({ spoke: 'erp', paused: true });
    const id = await send('take');
    expect(await deliveryIn(id, 'held')).toMatchObject({ heldBy: 'pause', attemptCount: 0 });
    expect(await hub.api('GET', '/api/v1/queues/erp')).toMatchObject({ depth: { held: 1 }, paused: true });
    expect(sink.arrivals.some(({ messageId }) => messageId === id)).toBe(false);
    expect(await hub.api('POST', '/api/v1/spokes/erp/resume')).toMatchObject({ paused: false });
    await arrivalOf(id);
    await deliveryIn(id, 'succeeded');
    const queues = listAt(await hub.api('GET', '/api/v1/queues'), 'items').find((item) => at(item, 'spoke') === 'erp');
    expect(queues).toMatchObject({ paused: false, breaker: 'closed', depth: { pending: 0, active: 0, retrying: 0, held: 0 } });
  });

  it('a replay is counted first, then makes new deliveries with new keys', async () => {
    const { hub, sink, messageIn } = test;
    const from = new Date().toISOString();
    const ids = [await send('take', { r: 1 }), await send('take', { r: 2 })];
    for (const id of ids) await messageIn(id, 'completed');
    const filter = { spoke: 'shop', type: 'take', from };
    const preview = await hub.call('POST', '/api/v1/replays', { filter, dryRun: true });
    expect(preview).toMatchObject({ status: 200, body: { count: 2 } });
    const before = sink.arrivals.length;
    const started = await hub.call('POST', '/api/v1/replays', { filter, rate: 100 });
    expect(started).toMatchObject({ status: 202, body: { total: 2 } });
    const replayId = textAt(started.body, 'id');
    await waitFor('the replay is done', 60_000, async () => at(await hub.api('GET', `/api/v1/replays/${replayId}`), 'state') === 'done');
    await waitFor('both arrive again', 60_000, () => sink.arrivals.length === before + 2);
    for (const id of ids) {
      const keys = sink.arrivals.filter(({ messageId }) => messageId === id).map(({ key }) => key);
      expect(new Set(keys).size).toBe(2);
      const message = await waitFor('both deliveries have succeeded', 60_000, async () => {
        const found = await hub.api('GET', `/api/v1/messages/${id}`);
        return textAt(found, 'state') === 'completed' ? found : null;
      });
      expect(listAt(message, 'deliveries').map((each) => at(each, 'replayOf'))).toEqual(expect.arrayContaining([null, keys[0]]));
    }
    expect((await hub.call('POST', `/api/v1/replays/${replayId}/resume`)).status).toBe(409);
    const one = await hub.call('POST', `/api/v1/messages/${ids[0]}/replay`);
    expect(one.status).toBe(202);
    await waitFor('it arrives a third time', 60_000, () => sink.arrivals.filter(({ messageId }) => messageId === ids[0]).length === 3);
  });
});

describe('watching', () => {
  it('the stream tells of messages and deliveries as they happen, and goes on after Last-Event-ID', async () => {
    const { hub, messageIn } = test;
    const authorization = `Bearer ${ADMIN_KEY}`;
    const stream = await watchStream(`${hub.url}/api/v1/stream`, { authorization });
    const id = await send('take');
    const about = (events: readonly { event: string; data: unknown }[], kind: string, messageId: string) =>
      events.filter(({ event, data }) => event === kind && at(data, kind === 'message' ? 'id' : 'messageId') === messageId);
    await waitFor('the message is told', 60_000, () => about(stream.events, 'message', id).length > 0);
    await waitFor('its delivery is told', 60_000, () =>
      about(stream.events, 'delivery', id).some(({ data }) => at(data, 'state') === 'succeeded'),
    );
    expect(about(stream.events, 'message', id)[0]?.data).toMatchObject({ id, source: 'shop', type: 'take' });
    const last = stream.events.at(-1)?.id ?? '';
    stream.close();
    const missed = await send('take');
    await messageIn(missed, 'completed');
    const resumed = await watchStream(`${hub.url}/api/v1/stream`, { authorization, 'last-event-id': last });
    await waitFor('what was missed is told', 60_000, () => about(resumed.events, 'message', missed).length > 0);
    await waitFor('also its delivery', 60_000, () => about(resumed.events, 'delivery', missed).length > 0);
    resumed.close();
    await expect(watchStream(`${hub.url}/api/v1/stream`, {})).rejects.toThrow('401');
  });

  it('metrics name what is counted, without ids or data', async () => {
    const { hub } = test;
    const { text, headers } = await hub.call('GET', '/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=/);
    const names = [
      'nave_messages_accepted_total',
      'nave_messages_duplicate_total',
      'nave_ingress_refused_total',
      'nave_deliveries_total',
      'nave_delivery_seconds_bucket',
      'nave_queue_depth',
      'process_cpu_seconds_total',
    ];
    for (const name of names) expect(text).toContain(name);
    expect(text).toMatch(/nave_deliveries_total\{spoke="erp",outcome="ok"\} \d+/);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('stats add up to what was sent', async () => {
    const { hub } = test;
    const stats = await hub.api('GET', '/api/v1/stats?window=1h');
    const listed = listAt(await hub.api('GET', '/api/v1/messages?spoke=shop&limit=200'), 'items');
    expect(at(stats, 'messages.received')).toBe(listed.length);
  });

  it('the audit chain holds, and verify names an entry that was changed behind its back', async () => {
    const { hub, databaseUrl } = test;
    const whole = await waitFor('everything is sealed', 60_000, async () => {
      const verdict = await hub.api('GET', '/api/v1/audit/verify');
      return at(verdict, 'ok') === true && Number(at(verdict, 'unsealed')) === 0 ? verdict : null;
    });
    expect(Number(at(whole, 'entries'))).toBeGreaterThan(5);
    const items = listAt(await hub.api('GET', '/api/v1/audit?action=spoke.*'), 'items');
    const entry = items.at(-1);
    const seq = Number(at(entry, 'seq'));
    await sql(databaseUrl, `UPDATE audit SET actor = 'nobody' WHERE seq = $1`, [seq]);
    expect(await hub.api('GET', '/api/v1/audit/verify')).toMatchObject({ ok: false, firstBroken: seq });
    await sql(databaseUrl, 'UPDATE audit SET actor = $2 WHERE seq = $1', [seq, textAt(entry, 'actor')]);
    expect(await hub.api('GET', '/api/v1/audit/verify')).toMatchObject({ ok: true });
    await sql(databaseUrl, 'DELETE FROM audit WHERE seq = $1', [seq]);
    expect(await hub.api('GET', '/api/v1/audit/verify')).toMatchObject({ ok: false, firstBroken: seq });
  });
});
