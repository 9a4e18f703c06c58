import type { OperationDeclaration, SendRequest } from '@nave/adapter-kit';
import { type ClaimedDelivery, DEFAULT_POLICY, encodeContent, type Outcome, uuidV7 } from '@nave/core';
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
import { describe, expect, it } from 'vitest';
import { createDeliver } from './deliver.ts';
import type { Lease } from './lease.ts';
import { decodeOutput } from './step-output.ts';
import { answered, expression, ok, routeOf, spokeOf, type TestRoute, testRegistry } from './test-registry.ts';

const NEVER = new AbortController().signal;
const ID = uuidV7(1_700_000_000_000, Buffer.alloc(10, 7));
const UNANSWERED: Outcome = { kind: 'timeout', status: null, detail: 'no answer', sent: true };
const NOT_FOUND = answered('rejected', 404);
const FOUND = answered('ok', 200, '{"payment":7}');
const LOOKUP: OperationDeclaration = { name: 'find', title: '', input: {}, idempotent: 'always' };

interface Options {
  lookup?: string;
  atMostOnce?: boolean;
  steps?: TestRoute['steps'];
  attempts?: number;
  baseMs?: number;
  answer?: (request: SendRequest, signal: AbortSignal) => Promise<Outcome> | Outcome;
}

/** A payment operation that must not be repeated, with one that finds payments beside it. */
async function set({ lookup = 'find', atMostOnce = false, steps, attempts = 3, baseMs = 1_000, answer = ok }: Options = {}) {
  const clock = fakeClock(1_700_000_000_000);
  const store = memoryMessageStore(clock);
  const retry = { attempts, baseMs, maxMs: 60_000, factor: 2, jitter: false };
  const find = { timeoutMs: 700, retry: { ...retry, attempts: 2 } };
  const policy = { ...DEFAULT_POLICY, retry, operations: { find } };
  const spoke = spokeOf({ name: 'erp', policy, operation: { name: 'create', idempotent: 'never', ...(lookup === '' ? {} : { lookup }) } });
  const { operation } = spoke;
  const own = { ...spoke, operation: (name: string | null) => (name === 'find' ? LOOKUP : operation(name)) };
  const route = routeOf({ name: 'r', steps: steps ?? [{ atMostOnce, input: expression(() => ({ reference: 'A1' })) }] });
  const registry = testRegistry([own, spokeOf({ name: 'crm' })], [route], answer);
  const content = encodeContent({ headers: {}, query: {}, method: 'POST', body: Buffer.from('{"n":1}') });
  const first = buildDelivery(ID, { route: 'r', stepName: 'step0' });
  await store.accept([buildMessage(ID, { content: plainSeal(content, `message:${ID}`), deliveries: [first] })], clock.now());
  const deliver = createDeliver({
    ...{ store, registry, sealer: plainSealer(), clock, ids: fakeIds(), logger: recordingLogger() },
    markSending: async (mark) => (await store.markSending([mark])).length === 1,
  });
  const claim = async (): Promise<ClaimedDelivery> => {
    const [claimed] = await store.claim([first.id], 'me', 30_000);
    if (claimed === undefined) throw new Error('not claimed');
    return claimed;
  };
  /** One claim, delivered and recorded. */
  async function turn(lease?: Lease) {
    const record = await deliver(await claim(), NEVER, lease);
    if (record !== null) await store.record([record]);
    return record;
  }
  const row = () => store.deliveries.get(first.id);
  return { deliver, claim, turn, row, store, registry, clock };
}

/** Answers in turn, the last one for ever. */
function script(...answers: Outcome[]): (request: SendRequest) => Outcome {
  return () => (answers.length > 1 ? answers.shift() : answers[0]) ?? ok();
}

describe('a request that left and was never answered', () => {
  it('is looked up after a moment, with the same input, and succeeds with what is found', async () => {
    const { turn, row, registry, clock } = await set({ answer: script(UNANSWERED, FOUND) });
    expect(await turn()).toMatchObject({ state: 'unknown', delayMs: 2_000, reason: 'unanswered' });
    expect(row()).toMatchObject({ state: 'unknown', sending: true, nextAttemptAtMs: clock.now() + 2_000 });
    clock.advance(2_000);
    const record = await turn();
    expect(record).toMatchObject({ state: 'succeeded', lookup: true, attempt: { number: 2, outcome: 'ok', status: 200 } });
    expect(record?.attempt?.detail).toMatch(/^Lookup find: found/);
    expect(
      Buffer.from(
        decodeOutput(await plainSealer().open(record?.output ?? new Uint8Array(0), `delivery:${record?.id}:output`)).body,
      ).toString(),
    ).toBe('{"payment":7}');
    expect(registry.sent.map(({ operation }) => operation)).toEqual(['create', 'find']);
    expect(registry.sent[1]).toMatchObject({ input: { data: { reference: 'A1' }, raw: null }, timeoutMs: 700, deliveryId: record?.id });
  });

  it('goes on with the next step when it is found', async () => {
    const steps = [
      { name: 'pay', to: 'erp' },
      { name: 'mail', to: 'crm' },
    ];
    const { turn, clock } = await set({ steps, answer: script(UNANSWERED, FOUND) });
    await turn();
    clock.advance(2_000);
    expect((await turn())?.next).toMatchObject({ step: 1, stepName: 'mail', spoke: 'crm' });
  });

  it('is sent again under the same id when it is not done, right after the last look', async () => {
    const { turn, row, registry, clock } = await set({ answer: script(UNANSWERED, NOT_FOUND, ok()) });
    await turn();
    clock.advance(2_000);
    expect(await turn()).toMatchObject({
      state: 'pending',
      delayMs: 0,
      reason: 'lookup.notDone',
      attempt: { outcome: 'rejected', status: 404 },
    });
    expect(row()).toMatchObject({ sending: false, nextAttemptAtMs: null });
    expect(await turn()).toMatchObject({ state: 'succeeded', attempt: { number: 3 } });
    expect(registry.sent.map(({ operation }) => operation)).toEqual(['create', 'find', 'create']);
    expect(new Set(registry.sent.map(({ deliveryId }) => deliveryId)).size).toBe(1);
  });

  it('keeps the pause of its policy, and looks once more after it', async () => {
    const { turn, clock } = await set({ baseMs: 20_000, answer: script(UNANSWERED, NOT_FOUND, FOUND) });
    await turn();
    clock.advance(2_000);
    expect(await turn()).toMatchObject({ state: 'unknown', delayMs: 20_000, reason: 'lookup.notDone' });
    clock.advance(20_000);
    // It was done late.
    expect(await turn()).toMatchObject({ state: 'succeeded' });
  });

  it('is dead when every attempt came to nothing; lookups do not count as attempts', async () => {
    const { turn, clock, registry } = await set({ answer: ({ operation }) => (operation === 'find' ? NOT_FOUND : UNANSWERED) });
    let record = await turn();
    for (let n = 0; record?.state !== 'dead' && n < 50; n++) {
      clock.advance(60_000);
      record = await turn();
    }
    expect(record).toMatchObject({ state: 'dead', reason: 'retries.exhausted' });
    expect(registry.sent.filter(({ operation }) => operation === 'create')).toHaveLength(3);
  });

  it('waits for a person when lookups get no answer, after a bounded number of them', async () => {
    const { turn, row, clock, registry } = await set({
      answer: ({ operation }) => (operation === 'find' ? answered('fault', 500) : UNANSWERED),
    });
    await turn();
    clock.advance(2_000);
    expect(await turn()).toMatchObject({ state: 'unknown', delayMs: 2_000, reason: 'unanswered' });
    clock.advance(2_000);
    expect(await turn()).toMatchObject({
      state: 'unknown',
      delayMs: null,
      reason: 'lookup.failed',
      attempt: { number: 3, outcome: 'fault' },
    });
    expect(row()).toMatchObject({ state: 'unknown', dueAtMs: null, nextAttemptAtMs: null });
    expect(registry.sent).toHaveLength(3);
  });

  it('waits for a person when its spoke has no such operation any more', async () => {
    const { turn, clock, registry } = await set({ lookup: 'gone', answer: script(UNANSWERED) });
    await turn();
    clock.advance(2_000);
    expect(await turn()).toMatchObject({ state: 'unknown', delayMs: null, reason: 'lookup.failed' });
    expect(registry.sent).toHaveLength(1);
  });

  it('waits for a person at once where nothing can be asked', async () => {
    const { turn } = await set({ lookup: '', answer: script(UNANSWERED) });
    expect(await turn()).toMatchObject({ state: 'unknown', delayMs: null, reason: 'unanswered' });
  });

  it('stays unknown, and uses up no lookup, when a stop cuts the lookup off', async () => {
    const stopping = new AbortController();
    const { turn, deliver, claim, clock } = await set({
      answer: ({ operation }, signal) =>
        operation === 'create' ? UNANSWERED : new Promise((done) => signal.addEventListener('abort', () => done(UNANSWERED))),
    });
    await turn();
    clock.advance(2_000);
    const asked = deliver(await claim(), stopping.signal);
    setImmediate(() => stopping.abort());
    expect(await asked).toMatchObject({ state: 'unknown', delayMs: 0, attempt: null });
  });
});

describe('a delivery whose worker was killed', () => {
  /** Claims, marks and dies; the lease runs out. */
  async function killed(options: Options) {
    const parts = await set(options);
    const lost = parts.deliver(await parts.claim(), NEVER, { holds: () => parts.row()?.sending !== true });
    expect(await lost).toBeNull();
    parts.clock.advance(30_001);
    await parts.store.expireLeases();
    parts.clock.advance(2_000);
    return parts;
  }

  it('is looked up with the input that was stored before it left', async () => {
    const { turn, registry, row } = await killed({ answer: script(FOUND) });
    expect(row()?.input).not.toBeNull();
    expect(await turn()).toMatchObject({ state: 'succeeded', attempt: { number: 1 } });
    expect(registry.sent.map(({ operation, input }) => [operation, input.data])).toEqual([['find', { reference: 'A1' }]]);
  });

  it('is left to a person where nothing can be asked, with an attempt that says why', async () => {
    const { turn, registry } = await killed({ lookup: '' });
    expect(await turn()).toMatchObject({
      state: 'unknown',
      delayMs: null,
      reason: 'unanswered',
      attempt: { outcome: 'unknown', status: null },
    });
    expect(registry.sent).toEqual([]);
  });

  it('is dead where it may be sent at most once', async () => {
    const { turn, registry } = await killed({ atMostOnce: true });
    expect(await turn()).toMatchObject({ state: 'dead', reason: 'at-most-once' });
    expect(registry.sent).toEqual([]);
  });
});

describe('a step that is sent at most once', () => {
  it('is marked whatever its operation declares, and dead once it may have left', async () => {
    const { turn, row } = await set({ atMostOnce: true, answer: script(UNANSWERED) });
    expect(await turn()).toMatchObject({ state: 'dead', reason: 'at-most-once', attempt: { outcome: 'timeout' } });
    expect(row()).toMatchObject({ sending: false });
  });

  it('is tried again when nothing left or it was turned away because of load', async () => {
    const unsent: Outcome = { ...UNANSWERED, kind: 'unreachable', sent: false };
    const { turn, clock } = await set({ atMostOnce: true, answer: script(unsent, answered('throttled', 429), answered('fault', 500)) });
    expect((await turn())?.state).toBe('retrying');
    clock.advance(60_000);
    expect((await turn())?.state).toBe('retrying');
    clock.advance(60_000);
    expect(await turn()).toMatchObject({ state: 'dead', reason: 'at-most-once' });
  });
});

describe('a worker that slept past its lease', () => {
  it('sends nothing and records nothing', async () => {
    const { turn, registry, row } = await set();
    expect(await turn({ holds: () => false })).toBeNull();
    expect(registry.sent).toEqual([]);
    expect(row()).toMatchObject({ state: 'active', sending: false });
  });

  it('sends nothing when it slept while the connection was opened', async () => {
    const { turn, registry } = await set({ lookup: '' });
    let asked = 0;
    expect(
      await turn({
        holds: () => {
          asked += 1;
          return asked < 2;
        },
      }),
    ).toBeNull();
    expect(registry.sent).toEqual([]);
  });

  it('asks nothing either', async () => {
    const { turn, registry, clock } = await set({ answer: script(UNANSWERED) });
    await turn();
    clock.advance(2_000);
    expect(await turn({ holds: () => false })).toBeNull();
    expect(registry.sent).toHaveLength(1);
  });
});
