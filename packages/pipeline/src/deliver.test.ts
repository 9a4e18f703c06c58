import type { SendRequest } from '@nave/adapter-kit';
import { type ClaimedDelivery, encodeContent, HubError, type Outcome, uuidV7 } from '@nave/core';
import {
  buildDelivery,
  buildMessage,
  fakeClock,
  fakeIds,
  memoryMessageStore,
  plainSeal,
  plainSealer,
  recordingLogger,
} from '@nave/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeliver } from './deliver.ts';
import { answerOfExcerpt, inputOfExcerpt } from './excerpt.ts';
import { answered, expression, failing, ok, routeOf, spokeOf, type TestRoute, type TestSpoke, testRegistry } from './test-registry.ts';

const NEVER = new AbortController().signal;
const ID = uuidV7(1_700_000_000_000, Buffer.alloc(10, 7));

interface Options {
  route?: TestRoute;
  spokes?: readonly TestSpoke[];
  answer?: (request: SendRequest, signal: AbortSignal) => Promise<Outcome> | Outcome;
  body?: string;
  contentType?: string;
  marks?: boolean;
  /** What is away. */
  away?: 'keys' | 'marks';
}

async function set({ route = { name: 'r' }, spokes = [{ name: 'erp' }, { name: 'crm' }], answer = ok, ...rest }: Options = {}) {
  const { body = '{"n":1}', contentType = 'application/json', marks = true, away } = rest;
  const clock = fakeClock(1_700_000_000_000);
  const store = memoryMessageStore(clock);
  const logger = recordingLogger();
  const registry = testRegistry(spokes.map(spokeOf), [routeOf(route)], answer);
  const content = encodeContent({ headers: { 'x-h': 'v' }, query: {}, method: 'POST', body: Buffer.from(body) });
  const first = buildDelivery(ID, { route: 'r', stepName: routeOf(route).steps[0]?.definition.name ?? '', laneKey: 'lane of the route' });
  const message = buildMessage(ID, { content: plainSeal(content, `message:${ID}`), contentType, correlationId: 'c', deliveries: [first] });
  await store.accept([message], clock.now());
  let marked = 0;
  const deliver = createDeliver({
    ...{ store, registry, clock, ids: fakeIds(), logger },
    sealer: { ...plainSealer(), ...(away === 'keys' ? { keyFor: () => Promise.reject(new HubError('store.unavailable')) } : {}) },
    markSending: async () => {
      marked += 1;
      if (away === 'marks') throw new HubError('store.unavailable');
      return marks;
    },
  });
  const claim = async (id = first.id): Promise<ClaimedDelivery> => {
    const [claimed] = await store.claim([id], 'me', 30_000);
    if (claimed === undefined) throw new Error('not claimed');
    return claimed;
  };
  return { deliver, claim, store, registry, clock, logger, marked: () => marked };
}

/** Delivers, records and answers the record. */
async function once(options?: Options) {
  const parts = await set(options);
  const record = await parts.deliver(await parts.claim(), NEVER);
  if (record === null) throw new Error('nothing to record');
  await parts.store.record([record]);
  return { ...parts, record };
}

describe('what is sent', () => {
  it('is the message as it came, byte for byte, where nothing maps it', async () => {
    const body = '{ "n": 12345678901234567890 , "x":1.00}';
    const { registry, record } = await once({ body });
    const [request] = registry.sent;
    expect(Buffer.from(request?.input.raw?.bytes ?? []).toString()).toBe(body);
    expect(request?.input.raw?.contentType).toBe('application/json');
    expect(request).toMatchObject({ messageId: ID, attempt: 1, operation: 'create', timeoutMs: 30_000, deliveryId: record.id });
    expect(record).toMatchObject({ state: 'succeeded', input: null, attempt: { number: 1, outcome: 'ok', status: 200 } });
  });

  it('is binary as it came, with no data to map', async () => {
    const { registry } = await once({ body: '\u0000\u0001', contentType: 'application/octet-stream' });
    expect(registry.sent[0]?.input.data).toBeNull();
    expect(registry.sent[0]?.input.raw?.bytes).toHaveLength(2);
  });

  it('is what the mapping makes of the message', async () => {
    let seen: unknown;
    const input = expression((root, scope) => {
      seen = { root, seed: scope?.seed, nowMs: scope?.nowMs };
      return { number: 7 };
    });
    const { registry, record } = await once({ route: { name: 'r', steps: [{ input }] } });
    expect(seen).toMatchObject({
      root: {
        id: ID,
        type: 'order.created',
        source: 'shop',
        data: { n: 1 },
        headers: { 'x-h': 'v' },
        receivedAt: '2023-11-14T22:13:20.000Z',
        correlationId: 'c',
        steps: {},
      },
      ...{ seed: record.id, nowMs: 1_700_000_000_000 },
    });
    expect(registry.sent[0]?.input).toEqual({ data: { number: 7 }, raw: null, json: Buffer.from('{"number":7}') });
  });

  it('is kept in the excerpt alone where that holds all of it and nobody will send it again', async () => {
    const input = expression(() => ({ number: 7 }));
    const sentAs = async (bodyOf: (json: Uint8Array) => Uint8Array, outcome: Outcome = ok()) => {
      const { record, store } = await once({
        route: { name: 'r', steps: [{ input }] },
        answer: ({ input: { json = new Uint8Array(0) } }) => ({ ...outcome, request: { line: 'POST /', headers: {}, body: bodyOf(json) } }),
      });
      const excerpt = await plainSealer().open(record.attempt?.excerpt ?? new Uint8Array(0), `attempt:${record.attempt?.id}`);
      const shown: unknown = JSON.parse(Buffer.from(excerpt).toString());
      const text = (bytes: Uint8Array | null | undefined) => bytes && Buffer.from(bytes).toString();
      const stored = store.deliveries.get(record.id)?.input ?? null;
      return { kept: record.input !== null, stored: stored !== null, excerpted: text(inputOfExcerpt(shown)) };
    };
    const same = (json: Uint8Array) => json.subarray(0, 4_096);
    expect(await sentAs(same)).toEqual({ kept: false, stored: false, excerpted: '{"number":7}' });
    for (const other of [
      await sentAs((json) => json.subarray(1)),
      await sentAs((json) => json.subarray(0, json.length - 1)),
      await sentAs((json) => Buffer.from(json)),
      await sentAs(same, answered('fault', 500)),
    ])
      expect(other).toEqual({ kept: true, stored: true, excerpted: null });
  });

  it('is kept apart where the excerpt ends before it does', async () => {
    const input = expression(() => 'x'.repeat(4_095));
    const { record } = await once({
      route: { name: 'r', steps: [{ input }] },
      answer: ({ input: { json = new Uint8Array(0) } }) => ({ ...ok(), request: { line: 'POST /', headers: {}, body: json } }),
    });
    expect(record).toMatchObject({ state: 'succeeded', input: expect.any(Uint8Array) });
  });

  it('is the same at every attempt, whatever the mapping would say later', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        let runs = 0;
        const input = expression(() => {
          runs += 1;
          return runs === 1 ? value : 'something else';
        });
        const parts = await once({ route: { name: 'r', steps: [{ input }] }, answer: () => answered('fault', 500) });
        expect(parts.record.state).toBe('retrying');
        parts.clock.advance(60_000);
        await parts.deliver(await parts.claim(), NEVER);
        const [first, second] = parts.registry.sent;
        expect(JSON.stringify(second?.input.data)).toBe(JSON.stringify(first?.input.data));
        for (const sent of [first, second]) expect(Buffer.from(sent?.input.json ?? []).toString()).toBe(JSON.stringify(value));
        expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
        expect(second?.deliveryId).toBe(first?.deliveryId);
        expect(runs).toBe(1);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what cannot be sent is dead with the reason', () => {
  it.each<[string, Options, string, RegExp]>([
    [
      'a mapping that throws',
      { route: { name: 'r', steps: [{ input: failing('expression.evaluate', 'T2001') }] } },
      'invalid',
      /^input expression\.evaluate: T2001$/,
    ],
    [
      'a mapping that runs away',
      { route: { name: 'r', steps: [{ input: failing('expression.limit', '100 ms') }] } },
      'invalid',
      /expression\.limit/,
    ],
    [
      'a mapping that selects nothing',
      { route: { name: 'r', steps: [{ input: expression(() => undefined) }] } },
      'invalid',
      /selects nothing/,
    ],
    ['a spoke that is gone', { spokes: [] }, 'rejected', /no longer exists/],
    ['an operation that is gone', { spokes: [{ name: 'erp', operation: { name: 'other' } }] }, 'rejected', /has no operation create/],
    ['a route version that is gone', { route: { name: 'r', version: 2 } }, 'rejected', /Version 1 of the route r/],
  ])('%s', async (_name, options, reason, detail) => {
    const { record, registry } = await once(options);
    expect(record).toMatchObject({ state: 'dead', reason, attempt: { outcome: reason, status: null } });
    expect(record.attempt?.detail).toMatch(detail);
    expect(registry.sent).toEqual([]);
  });

  it('a route version that no longer compiles', async () => {
    const parts = await set();
    parts.registry.routeVersion = async () => {
      throw new HubError('expression.compile', { detail: 'unexpected end' });
    };
    expect(await parts.deliver(await parts.claim(), NEVER)).toMatchObject({ state: 'dead', reason: 'invalid' });
  });

  it('asks for the configuration once more before it believes that a spoke is gone', async () => {
    expect((await once({ spokes: [] })).registry.refreshed).toBe(1);
  });

  it('keeps only what can be stored of a detail that quotes the other side', async () => {
    const { record } = await once({ answer: () => ({ ...answered('rejected', 400), detail: `\u0000\ud800${'x'.repeat(1_000)}` }) });
    expect(record.attempt?.detail.length).toBeLessThanOrEqual(500);
    expect(record.attempt?.detail).not.toContain('\u0000');
  });
});

describe('what the hub itself cannot do now goes back without an attempt', () => {
  it('waits a second when it cannot be prepared', async () => {
    const parts = await set();
    parts.registry.routeVersion = async () => {
      throw new HubError('store.unavailable');
    };
    expect(await parts.deliver(await parts.claim(), NEVER)).toMatchObject({ state: 'pending', delayMs: 1_000, attempt: null });
    expect(parts.registry.sent).toEqual([]);
  });
});

describe('a store that is away before anything left', () => {
  const spokes = [{ name: 'erp', operation: { idempotent: 'never' as const } }];

  it.each(['keys', 'marks'] as const)('(%s) gives the delivery back, not counted as one that lost its worker', async (away) => {
    const { record, registry } = await once({ away, spokes });
    expect(registry.sent).toEqual([]);
    expect(record).toMatchObject({ state: 'pending', attempt: null, delayMs: 1_000 });
  });
});

describe('an operation that may not be repeated', () => {
  const spokes = [{ name: 'erp', operation: { idempotent: 'never' as const } }];
  const unanswered = (sent: boolean): Outcome => ({ kind: 'timeout', status: null, detail: '', sent });

  it('is marked before it is sent; others are not', async () => {
    expect((await once({ spokes })).marked()).toBe(1);
    expect((await once()).marked()).toBe(0);
  });

  it('is not sent when the lease was lost at the mark', async () => {
    const { deliver, claim, registry } = await set({ spokes, marks: false });
    expect(await deliver(await claim(), NEVER)).toBeNull();
    expect(registry.sent).toEqual([]);
  });

  it('is unknown when it was sent and not answered, and tried again when it was not sent', async () => {
    expect((await once({ spokes, answer: () => unanswered(true) })).record).toMatchObject({
      state: 'unknown',
      reason: 'unanswered',
      attempt: { outcome: 'timeout' },
    });
    expect((await once({ spokes, answer: () => unanswered(false) })).record).toMatchObject({ state: 'retrying' });
    expect((await once({ answer: () => unanswered(true) })).record).toMatchObject({ state: 'retrying' });
  });

  it('counts as not sent when the connection could not even be opened', async () => {
    const parts = await set({ spokes });
    parts.registry.connection = async () => {
      throw new HubError('request.invalid');
    };
    expect(await parts.deliver(await parts.claim(), NEVER)).toMatchObject({ state: 'retrying', attempt: { outcome: 'fault' } });
  });

  it('counts as sent when the adapter threw', async () => {
    const answer = (): Outcome => {
      throw new TypeError('a bug with a secret');
    };
    const { record } = await once({ spokes, answer });
    expect(record).toMatchObject({ state: 'unknown' });
    expect(record.attempt?.detail).not.toContain('secret');
  });
});

describe('a stop', () => {
  const untilAborted = (sent: boolean) => (_request: SendRequest, signal: AbortSignal) =>
    new Promise<Outcome>((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'unreachable', status: null, detail: 'cancelled', sent }));
    });

  async function stopped(options: Options) {
    const { deliver, claim } = await set(options);
    const stopping = new AbortController();
    const delivered = deliver(await claim(), stopping.signal);
    setImmediate(() => stopping.abort());
    return delivered;
  }

  it('returns what is under way to pending, due at once and without an attempt', async () => {
    expect(await stopped({ answer: untilAborted(true) })).toMatchObject({ state: 'pending', delayMs: 0, attempt: null });
  });

  it('leaves as unknown what may have left and must not be repeated', async () => {
    const spokes = [{ name: 'erp', operation: { idempotent: 'never' as const } }];
    expect(await stopped({ spokes, answer: untilAborted(true) })).toMatchObject({ state: 'unknown' });
    expect(await stopped({ spokes, answer: untilAborted(false) })).toMatchObject({ state: 'pending' });
  });

  it('records what was answered all the same', async () => {
    expect(
      await stopped({ answer: (_r, signal) => new Promise((done) => signal.addEventListener('abort', () => done(ok()))) }),
    ).toMatchObject({ state: 'succeeded' });
  });

  it('does not wait for an adapter that does not listen', async () => {
    expect(await stopped({ answer: () => new Promise<Outcome>(() => undefined) })).toMatchObject({ state: 'pending' });
  });
});

describe('a route of several steps', () => {
  const steps = [
    { name: 'invoice', to: 'erp' },
    { name: 'mail', to: 'crm', input: expression(() => ({ mail: 1 })) },
    { name: 'log', to: 'erp', input: expression((root, scope) => ({ steps: Object(root).steps, answers: scope?.responses })) },
  ];

  it('makes the delivery of the next step when one succeeds, in the lane of the run', async () => {
    const { record } = await once({ route: { name: 'r', steps } });
    expect(record.next).toMatchObject({
      step: 1,
      stepName: 'mail',
      spoke: 'crm',
      messageId: ID,
      state: 'pending',
      laneKey: 'lane of the route',
      replayOf: null,
    });
    const failed = await once({ route: { name: 'r', steps }, answer: () => answered('rejected', 404) });
    expect(failed.record.next).toBeNull();
  });

  it('gives later steps what the earlier ones answered, also when one answered nothing', async () => {
    const answers = [answered('ok', 204), answered('ok', 201, '{"mailed":true}'), ok()];
    const parts = await once({ route: { name: 'r', steps }, answer: () => answers.shift() ?? ok() });
    const second = await parts.deliver(await parts.claim(parts.record.next?.id), NEVER);
    await parts.store.record(second === null ? [] : [second]);
    await parts.store.advanceLanes(parts.record.lane === null ? [] : [parts.record.lane]);
    const third = await parts.deliver(await parts.claim(second?.next?.id), NEVER);
    expect(third).toMatchObject({ state: 'succeeded', next: null });
    expect(parts.registry.sent[2]?.input.data).toEqual({
      steps: { invoice: null, mail: { mailed: true } },
      answers: { invoice: { status: 204, headers: {}, body: null }, mail: { status: 201, headers: {}, body: { mailed: true } } },
    });
  });

  it('keeps the answer of a last step apart only where the excerpt of its attempt does not hold all of it', async () => {
    const response = { status: 200, headers: { 'content-type': 'text/plain' }, contentType: 'text/plain', body: Buffer.from('made') };
    const whole = (await once({ answer: () => ({ ...ok(), response }) })).record;
    expect(whole.output).toBeNull();
    const excerpt = await plainSealer().open(whole.attempt?.excerpt ?? new Uint8Array(0), `attempt:${whole.attempt?.id}`);
    expect(answerOfExcerpt(JSON.parse(Buffer.from(excerpt).toString()))).toEqual(response);
    expect((await once({ answer: () => answered('ok', 204) })).record.output).toBeNull();
    for (const kept of [
      { ...response, body: Buffer.alloc(5_000, 'x') },
      { ...response, body: Buffer.of(0xff) },
      { ...response, contentType: 'application/json' },
    ])
      expect((await once({ answer: () => ({ ...ok(), response: kept }) })).record.output).not.toBeNull();
  });

  it('keeps no answer of a failed one', async () => {
    expect((await once({ answer: () => answered('rejected', 400, '{"why":1}') })).record.output).toBeNull();
  });
});

describe('the policy', () => {
  it('counts attempts from where a person retried', async () => {
    const parts = await set({ answer: () => answered('fault', 500) });
    const claimed = await parts.claim();
    expect(await parts.deliver({ ...claimed, attemptCount: 2, attemptBase: 0 }, NEVER)).toMatchObject({
      state: 'dead',
      reason: 'retries.exhausted',
      attempt: { number: 3 },
    });
    expect(await parts.deliver({ ...claimed, attemptCount: 5, attemptBase: 5 }, NEVER)).toMatchObject({
      state: 'retrying',
      delayMs: 1_000,
      attempt: { number: 6 },
    });
  });

  it('is that of the operation where it has one', async () => {
    const retry = { attempts: 9, baseMs: 7_000, maxMs: 60_000, factor: 2, jitter: false };
    const spokes = [{ name: 'erp', policy: { operations: { create: { timeoutMs: 1_234, retry } } } }];
    const { record, registry } = await once({ spokes, answer: () => answered('fault', 500) });
    expect(record).toMatchObject({ state: 'retrying', delayMs: 7_000 });
    expect(registry.sent[0]?.timeoutMs).toBe(1_234);
  });

  it("overrides by the operation's own statuses", async () => {
    const spokes = [{ name: 'erp', operation: { retryOn: [409], rejectOn: [500] } }];
    expect((await once({ spokes, answer: () => answered('rejected', 409) })).record.state).toBe('retrying');
    expect((await once({ spokes, answer: () => answered('fault', 500) })).record.state).toBe('dead');
  });
});
