import { decodeContent, HubError, type MessageStore, type RawRequest, type Verdict } from '@nave/core';
import { fakeClock, fakeIds, memoryMessageStore, plainSealer, recordingBell } from '@nave/testkit';
import { describe, expect, it } from 'vitest';
import { type Accepted, createAccepter } from './accept.ts';
import { expression, failing, inboundOf, path, routeOf, spokeOf, type TestInbound, type TestRoute, testRegistry } from './test-registry.ts';

interface Options {
  routes?: readonly TestRoute[];
  /** What the deliveries and bytes of a batch weigh together at most. */
  weightMax?: number;
  store?: (real: MessageStore) => Partial<MessageStore>;
}

function set({ routes = [{ name: 'invoices' }], weightMax, store: change }: Options = {}) {
  const clock = fakeClock(Date.now());
  const real = memoryMessageStore(clock);
  const store: MessageStore = { ...real, ...change?.(real) };
  const bell = recordingBell();
  const sealer = plainSealer();
  const mismatches: string[] = [];
  const accepted: boolean[] = [];
  const accepter = createAccepter({
    ...{ store, bell, sealer, clock, ids: fakeIds() },
    registry: testRegistry([], routes.map(routeOf)),
    businessKeyHash: (name, value) => Buffer.from(`${name}=${value}`),
    onMismatch: (_spoke, id) => mismatches.push(id),
    onAccepted: ({ duplicate }) => accepted.push(duplicate),
    ...(weightMax === undefined ? {} : { allow: () => ({ pauseMs: 0, weightMax }) }),
  });
  async function hook(inbound: TestInbound, request: Partial<RawRequest> & { json?: unknown } = {}): Promise<Accepted> {
    const { json = { id: 'in-body' }, ...rest } = request;
    const compiled = inboundOf(inbound);
    const raw: RawRequest = {
      ...{ method: 'POST', target: '/hooks/shop', publicUrl: 'http://hub/hooks/shop', query: {}, remoteAddress: '127.0.0.1' },
      body: Buffer.from(JSON.stringify(json)),
      ...rest,
      headers: { 'content-type': 'application/json', ...rest.headers },
    };
    const answer = await accepter.hook(spokeOf({ name: 'shop', inbound: compiled }), compiled, raw);
    if (!('messageId' in answer)) throw new Error('a handshake');
    return answer;
  }
  const stored = async (id: string) => {
    const message = real.messages.get(id);
    if (message === undefined) throw new Error('not stored');
    return { message, content: decodeContent(await sealer.open(message.content, `message:${id}`)) };
  };
  return { accepter, hook, stored, real, bell, clock, mismatches, accepted };
}

describe('the door of a hook', () => {
  const direct = (inbound: TestInbound, admit: () => void, body = '{}') => {
    const { accepter, real } = set();
    const compiled = inboundOf(inbound);
    const raw: RawRequest = {
      ...{ method: 'POST', target: '/', publicUrl: 'http://hub/', query: {}, remoteAddress: '::1' },
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
    };
    return { real, answer: accepter.hook(spokeOf({ name: 'shop', inbound: compiled }), compiled, raw, async () => admit()) };
  };

  it('is asked for verified messages only', async () => {
    let asked = 0;
    const admit = () => void asked++;
    await expect(direct({ verdict: { ok: false, reason: 'no' } }, admit).answer).rejects.toMatchObject({ code: 'auth.signature' });
    await direct({ verdict: { ok: true, handshake: { status: 200, contentType: 'text/plain', body: 'x' } } }, admit).answer;
    expect(asked).toBe(0);
    await direct({}, admit).answer;
    // Also for what turns out to be unreadable: the sender brought it.
    await expect(direct({}, admit, '{').answer).rejects.toMatchObject({ code: 'request.malformed' });
    expect(asked).toBe(2);
  });

  it('stores nothing when it refuses', async () => {
    const { real, answer } = direct({}, () => {
      throw new HubError('limit.rate');
    });
    await expect(answer).rejects.toMatchObject({ code: 'limit.rate' });
    expect(real.messages.size).toBe(0);
  });

  it('does not call a sender wrong that cannot be checked at the moment', async () => {
    const { answer } = direct({ verdict: { ok: false, reason: 'no keys', unavailable: true } }, () => undefined);
    await expect(answer).rejects.toMatchObject({ code: 'auth.unavailable', retryable: true, retryAfterSeconds: 5 });
  });
});

describe('a batch', () => {
  /** How many messages of `kib` KiB each batch has, of six that come at once. */
  async function batches(routes: readonly TestRoute[], kib: number): Promise<number[]> {
    const sizes: number[] = [];
    const { hook } = set({
      ...{ routes, weightMax: 4 },
      store: (real) => ({
        accept: (batch, nowMs) => {
          sizes.push(batch.length);
          return real.accept(batch, nowMs);
        },
      }),
    });
    await Promise.all(Array.from({ length: 6 }, (_, n) => hook({}, { json: { id: `${n}`, pad: 'x'.repeat(kib * 1024 - 20) } })));
    return sizes;
  }
  const skips = { name: 'b', when: expression(() => false) };

  it('begins so many deliveries at most, and counts 8 KiB of bodies as one', async () => {
    expect(await batches([skips], 0.1)).toEqual([6]);
    expect(await batches([{ name: 'a' }, skips], 0.1)).toEqual([3, 3]);
    expect(await batches([{ name: 'a' }, { name: 'c' }], 0.1)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await batches([skips], 16)).toEqual([2, 2, 2]);
    expect(await batches([{ name: 'a' }], 8)).toEqual([2, 2, 2]);
    expect(await batches([skips], 100)).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

describe('accepting a hook', () => {
  it('answers after the commit, then rings for what is pending', async () => {
    let commit = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const { hook, bell, real } = set({
      routes: [{ name: 'a' }, { name: 'b', when: expression(() => false) }],
      store: (store) => ({ accept: (batch, nowMs) => held.then(() => store.accept(batch, nowMs)) }),
    });
    let answered = false;
    const pending = hook({}).then((answer) => {
      answered = true;
      return answer;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    expect(bell.rung).toEqual([]);
    commit();
    expect(await pending).toEqual({ messageId: expect.any(String), duplicate: false });
    expect(bell.rung).toHaveLength(1);
    expect([...real.deliveries.values()].map(({ state, reason }) => [state, reason])).toEqual([
      ['pending', null],
      ['skipped', 'filtered'],
    ]);
  });

  it('keeps what no route takes', async () => {
    const { hook, stored, bell } = set({ routes: [] });
    expect((await stored((await hook({})).messageId)).message).toMatchObject({ unrouted: true, deliveries: [] });
    expect(bell.rung).toEqual([]);
  });

  it('refuses a bad signature and stores nothing', async () => {
    const { hook, real } = set();
    await expect(hook({ verdict: { ok: false, reason: 'expired' } })).rejects.toMatchObject({ code: 'auth.signature', detail: 'expired' });
    expect(real.messages.size).toBe(0);
  });

  it('answers a handshake and does not store it', async () => {
    const { accepter, real } = set();
    const handshake = { status: 200, contentType: 'text/plain', body: 'challenge' };
    const inbound = inboundOf({ verdict: { ok: true, handshake } });
    const request = { method: 'POST', target: '/', publicUrl: '', headers: {}, query: {}, body: Buffer.from('{}'), remoteAddress: '' };
    expect(await accepter.hook(spokeOf({ name: 'shop' }), inbound, request)).toEqual(handshake);
    expect(real.messages.size).toBe(0);
  });

  it.each([
    ['{"a":', 'application/json'],
    ['\ufffd\u0000', 'application/json'],
    ['<a>', 'application/xml'],
    ['['.repeat(200) + ']'.repeat(200), 'application/json'],
  ])('refuses %j as %s: unreadable', async (text, type) => {
    const { hook } = set();
    await expect(hook({}, { body: Buffer.from(text), headers: { 'content-type': type } })).rejects.toMatchObject({
      code: 'request.malformed',
    });
  });

  it('refuses invalid UTF-8 where text is declared', async () => {
    await expect(set().hook({}, { body: Buffer.from([0x22, 0xff, 0x22]) })).rejects.toMatchObject({ code: 'request.malformed' });
  });

  it('refuses what breaks the schema, with every problem', async () => {
    const problems = [{ path: '/a', message: 'is required' }];
    await expect(set().hook({ schemaProblems: () => problems })).rejects.toMatchObject({ code: 'ingress.schema', errors: problems });
  });

  it('blames the body, not the hub, when an inbound expression fails on it', async () => {
    await expect(set().hook({ type: failing() })).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(set().hook({ keys: [{ name: 'order', expression: failing() }] })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('keeps the exact bytes, whatever they are', async () => {
    const { hook, stored } = set();
    for (const [text, type] of [
      ['{ "n" : 12345678901234567890, "x": 1.00 }\n', 'application/json'],
      ['\u0000\u0001\ufeff', 'application/octet-stream'],
      ['a=1&b=%20', 'application/x-www-form-urlencoded'],
    ] as const) {
      const body = Buffer.from(text);
      const { content, message } = await stored((await hook({}, { body, headers: { 'content-type': type } })).messageId);
      expect(Buffer.from(content.body)).toEqual(body);
      expect(message).toMatchObject({ contentType: type, size: body.length });
    }
  });

  it('drops credentials and signatures from what is stored, and keeps the rest', async () => {
    const { hook, stored } = set();
    const inbound = { sensitiveHeaders: new Set(['authorization', 'x-signature']), sensitiveQuery: new Set(['token']) };
    const headers = { authorization: 'Bearer x', 'x-signature': 's', 'x-topic': 't' };
    const { messageId } = await hook(inbound, { headers, query: { token: 't', page: '1' } });
    expect((await stored(messageId)).content).toMatchObject({
      headers: { 'content-type': 'application/json', 'x-topic': 't' },
      query: { page: '1' },
    });
    expect(Object.keys((await stored(messageId)).content.headers)).not.toContain('authorization');
  });

  it('shows expressions the headers, query and method', async () => {
    const { hook, stored } = set();
    const type = expression((_root, scope) => {
      const { headers, query, method } = scope?.bindings ?? {};
      return [Object(headers)['x-topic'], Object(query).page, method].join('.');
    });
    const keys = [{ name: 'page', expression: expression((_root, scope) => Object(scope?.bindings?.['query']).page) }];
    const { messageId } = await hook({ type, keys }, { headers: { 'x-topic': 'orders' }, query: { page: '7' } });
    const { message } = await stored(messageId);
    expect(message.type).toBe('orders.7.POST');
    expect(message.businessKeys.map(({ hash }) => Buffer.from(hash).toString())).toEqual(['page=7']);
  });

  it('carries a valid traceparent and correlation id, and drops what is none', async () => {
    const { hook, stored } = set();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const good = await stored((await hook({}, { headers: { traceparent, 'x-correlation-id': 'c-1' } })).messageId);
    expect(good.message).toMatchObject({ traceparent, correlationId: 'c-1' });
    for (const bad of ['a\u0000', '\ud800', 'x'.repeat(256)]) {
      const { message } = await stored(
        (await hook({}, { headers: { traceparent: `${traceparent}${bad}`, 'x-correlation-id': bad } })).messageId,
      );
      expect(message).toMatchObject({ traceparent: null, correlationId: null });
    }
  });

  it('names the type: the expression, else what the scheme says, else message', async () => {
    const { hook, stored } = set();
    const typeOf = async (inbound: TestInbound, json: unknown = { topic: 'from.body', t: 'own' }) =>
      (await stored((await hook(inbound, { json })).messageId)).message.type;
    const verdict: Verdict = { ok: true, eventType: 'from.header' };
    expect(await typeOf({ type: path('t'), verdict })).toBe('own');
    expect(await typeOf({ type: path('none'), verdict })).toBe('from.header');
    expect(await typeOf({ verdict: { ok: true, eventType: { bodyField: 'topic' } } })).toBe('from.body');
    expect(await typeOf({})).toBe('message');
  });

  it.each(['a\u0000b', '\ud800', 'x'.repeat(201)])('refuses the type %j', async (t) => {
    const { hook, real } = set();
    await expect(hook({ type: expression(() => t) })).rejects.toMatchObject({ code: 'request.invalid' });
    expect(real.messages.size).toBe(0);
  });

  it.each(['a\u0000b', '\ud800', 'x'.repeat(256)])('refuses the idempotency key %j', async (key) => {
    await expect(set().hook({ idempotencyKey: expression(() => key) })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('keeps the lane of a key that cannot be stored as it is', async () => {
    const { hook, stored } = set();
    const { message } = await stored((await hook({ orderingKey: expression(() => 'a\u0000b') })).messageId);
    expect(message.orderingKey).toMatch(/^sha256:/);
    expect(message.deliveries[0]?.laneKey).toBe(message.orderingKey);
  });
});

describe('the idempotency key', () => {
  const everything = { signedId: 'signed', deliveryId: 'delivery', callerIdempotencyKey: true } as const;
  const headers = { 'idempotency-key': 'caller' };

  // Contract section 4: the first of these that is there.
  it.each<[string, TestInbound, string | null]>([
    ['the signed id of a header', { verdict: { ok: true, ...everything }, idempotencyKey: path('id') }, 'signed'],
    [
      'the signed id of the body',
      { verdict: { ok: true, ...everything, signedId: { bodyField: 'deep.id' } }, idempotencyKey: path('id') },
      'deep-id',
    ],
    ['the first field that is there', { verdict: { ok: true, ...everything, signedId: { bodyField: ['none', 'id'] } } }, 'in-body'],
    [
      'the expression, when the signed id is not there',
      { verdict: { ok: true, ...everything, signedId: { bodyField: 'none' } }, idempotencyKey: path('id') },
      'in-body',
    ],
    [
      'the delivery id, when the expression selects nothing',
      { verdict: { ok: true, deliveryId: 'delivery', callerIdempotencyKey: true }, idempotencyKey: path('none') },
      'delivery',
    ],
    ["the caller's header, for schemes that do not sign", { verdict: { ok: true, callerIdempotencyKey: true } }, 'caller'],
    ["not the caller's header for others", { verdict: { ok: true } }, null],
    ['a number', { idempotencyKey: path('n') }, '42'],
    ['nothing from an object', { idempotencyKey: path('deep') }, null],
  ])('is %s', async (_name, inbound, expected) => {
    const { hook, stored } = set();
    const { messageId } = await hook(inbound, { headers, json: { id: 'in-body', deep: { id: 'deep-id' }, n: 42 } });
    expect((await stored(messageId)).message.idempotencyKey).toBe(expected);
  });

  it('answers a repeat with the first id, rings for nothing and counts it', async () => {
    const { hook, bell, accepted, mismatches } = set();
    const first = await hook({ idempotencyKey: path('id') });
    expect(await hook({ idempotencyKey: path('id') })).toEqual({ messageId: first.messageId, duplicate: true });
    expect(bell.rung).toHaveLength(1);
    expect(accepted).toEqual([false, true]);
    expect(mismatches).toEqual([]);
  });

  it('answers a repeat with another body the same, and tells', async () => {
    const { hook, mismatches } = set();
    const first = await hook({ idempotencyKey: path('id') });
    expect(await hook({ idempotencyKey: path('id') }, { json: { id: 'in-body', more: 1 } })).toEqual({
      messageId: first.messageId,
      duplicate: true,
    });
    expect(mismatches).toEqual([first.messageId]);
  });

  it('recognises a replayed body under another unsigned delivery id', async () => {
    const { hook } = set();
    const verdict = (deliveryId: string): Verdict => ({ ok: true, deliveryId, rememberDigest: true });
    const first = await hook({ verdict: verdict('d-1') });
    expect(await hook({ verdict: verdict('d-2') })).toEqual({ messageId: first.messageId, duplicate: true });
    expect(await hook({ verdict: verdict('d-1') }, { json: { other: 1 } })).toEqual({ messageId: first.messageId, duplicate: true });
    expect((await hook({ verdict: verdict('d-3') }, { json: { other: 2 } })).duplicate).toBe(false);
  });

  it('does not take two messages for one because their large numbers round to the same', async () => {
    const { hook } = set();
    const inbound = { idempotencyKey: path('id') };
    const send = (id: string) => hook(inbound, { body: Buffer.from(`{"id":${id}}`) });
    const [first, second] = [await send('9007199254740993'), await send('9007199254740992')];
    expect([first.duplicate, second.duplicate]).toEqual([false, false]);
    expect(await send('9007199254740993')).toEqual({ messageId: first.messageId, duplicate: true });
  });

  it('makes one of the same webhook five times at once', async () => {
    const { hook, real, bell } = set();
    const answers = await Promise.all(Array.from({ length: 5 }, () => hook({ idempotencyKey: path('id') })));
    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(real.messages.size).toBe(1);
    expect(bell.rung).toHaveLength(1);
  });

  it('is forgotten after the window', async () => {
    const { hook, clock } = set();
    const inbound = { idempotencyKey: path('id'), windowMs: 60_000 };
    await hook(inbound);
    clock.advance(60_001);
    expect((await hook(inbound)).duplicate).toBe(false);
  });
});

describe('when the store fails', () => {
  it('is unavailable and keeps nothing', async () => {
    const { hook, real } = set();
    real.setDown(true);
    await expect(hook({})).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(real.messages.size).toBe(0);
  });

  it('asks the sender to try again when every race for a key was lost', async () => {
    let tries = 0;
    const { hook } = set({
      store: () => ({
        accept: async () => {
          tries += 1;
          throw new HubError('store.conflict');
        },
      }),
    });
    await expect(hook({})).rejects.toMatchObject({ code: 'store.unavailable', retryAfterSeconds: 1 });
    expect(tries).toBe(4);
  });

  it('refuses only the message that cannot be stored', async () => {
    const { accepter, real } = set();
    const publish = (n: number, correlationId: string | null) =>
      accepter.publish({
        ...{
          spoke: spokeOf({ name: 'shop' }),
          type: 't',
          data: n,
          body: Buffer.from(String(n)),
          contentType: 'application/json',
          headers: {},
        },
        ...{ idempotencyKey: null, orderingKey: null, correlationId },
      });
    const results = await Promise.allSettled([publish(1, null), publish(2, 'a\u0000b'), publish(3, null)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(real.messages.size).toBe(2);
    await accepter.drained();
    expect(accepter.waiting()).toBe(0);
  });
});

describe('publishing', () => {
  it('takes the key, lane and correlation it is given and the bytes as they are', async () => {
    const { accepter, stored } = set();
    const body = Buffer.from('{"n":12345678901234567890}');
    const { messageId } = await accepter.publish({
      ...{ spoke: spokeOf({ name: 'shop' }), type: 'order.created', data: { n: 1 }, body, contentType: 'application/json', headers: {} },
      ...{ idempotencyKey: 'k', orderingKey: 'lane', correlationId: 'c' },
    });
    const { message, content } = await stored(messageId);
    expect(message).toMatchObject({ spoke: 'shop', idempotencyKey: 'k', idempotencyKeys: ['k'], orderingKey: 'lane', correlationId: 'c' });
    expect(Buffer.from(content.body)).toEqual(body);
    expect(message.deliveries).toMatchObject([{ laneKey: 'lane' }]);
  });
});
