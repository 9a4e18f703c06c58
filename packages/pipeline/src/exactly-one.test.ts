/** A payment that may not be booked twice, against everything that can go wrong around it: exactly one booking, whatever happened. */
import type { OperationDeclaration, SendRequest } from '@nave/adapter-kit';
import { encodeContent, type Outcome, uuidV7 } from '@nave/core';
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
import { expect, it } from 'vitest';
import { createDeliver } from './deliver.ts';
import { answered, expression, ok, routeOf, spokeOf, testRegistry } from './test-registry.ts';

const LEASE_MS = 20_000;
const LOOKUP: OperationDeclaration = { name: 'find', title: '', input: {}, idempotent: 'always' };

/** What becomes of one request. Payments are booked before, after or instead of the answer; lookups only answer, or do not. */
const PAYMENT_FATES = [
  ...(['answered', 'refused for now', 'unreachable'] as const),
  ...(['booked and hangs', 'hangs', 'booked late and hangs'] as const),
  ...(['killed before booking', 'killed after booking', 'asleep after booking', 'asleep before booking'] as const),
];
type PaymentFate = (typeof PAYMENT_FATES)[number];
const LOOKUP_FATES = ['answered', 'hangs', 'fault', 'killed', 'asleep'] as const;
type LookupFate = (typeof LOOKUP_FATES)[number];

const HANGS: Outcome = { kind: 'timeout', status: null, detail: '', sent: true };
const DEAD_WORKER = new Promise<never>(() => undefined);

async function play(
  payments: PaymentFate[],
  lookups: LookupFate[],
  withLookup: boolean,
): Promise<{ bookings: number; state: string | undefined }> {
  const clock = fakeClock(1_700_000_000_000);
  const store = memoryMessageStore(clock);
  const late: number[] = [];
  const sleepers: (() => void)[] = [];
  let booked = 0;
  let gone: () => void = () => undefined;

  const bookings = () => booked + late.filter((atMs) => atMs <= clock.now()).length;
  const lose = <T>(answer: Promise<T>): Promise<T> => {
    gone();
    return answer;
  };
  const wakesUp = (outcome: Outcome) => new Promise<Outcome>((resolve) => sleepers.push(() => resolve(outcome)));

  function pay(fate: PaymentFate): Outcome | Promise<Outcome> {
    if (fate === 'refused for now') return answered('throttled', 429);
    if (fate === 'unreachable') return { ...HANGS, kind: 'unreachable', sent: false };
    if (fate === 'booked late and hangs') late.push(clock.now() + 1_500);
    else if (fate === 'answered' || fate === 'booked and hangs' || fate.endsWith('after booking')) booked += 1;
    if (fate.startsWith('killed')) return lose(DEAD_WORKER);
    if (fate.startsWith('asleep')) return lose(wakesUp(ok()));
    return fate === 'answered' ? answered('ok', 201, '{"paid":true}') : HANGS;
  }
  function find(fate: LookupFate): Outcome | Promise<Outcome> {
    const truth = bookings() > 0 ? answered('ok', 200, '{"paid":true}') : answered('rejected', 404);
    if (fate === 'killed') return lose(DEAD_WORKER);
    if (fate === 'asleep') return lose(wakesUp(truth));
    if (fate === 'hangs') return HANGS;
    return fate === 'fault' ? answered('fault', 500) : truth;
  }
  const answer = ({ operation }: SendRequest) =>
    operation === 'find' ? find(lookups.shift() ?? 'answered') : pay(payments.shift() ?? 'answered');

  const retry = { attempts: 4, baseMs: 500, maxMs: 30_000, factor: 3, jitter: true };
  const operation = { name: 'create', idempotent: 'never' as const, ...(withLookup ? { lookup: 'find' } : {}) };
  const spoke = spokeOf({ name: 'erp', policy: { retry }, operation });
  const registry = testRegistry(
    [{ ...spoke, operation: (name) => (name === 'find' ? LOOKUP : spoke.operation(name)) }],
    [routeOf({ name: 'r', steps: [{ input: expression(() => ({ reference: 'A1' })) }] })],
    answer,
  );
  const deliver = createDeliver({
    ...{ store, registry, sealer: plainSealer(), clock, ids: fakeIds(), logger: recordingLogger() },
    markSending: async (mark) => (await store.markSending([mark])).length === 1,
  });
  const id = uuidV7(clock.now(), Buffer.alloc(10, 7));
  const delivery = buildDelivery(id, { route: 'r' });
  const content = plainSeal(encodeContent({ headers: {}, query: {}, method: 'POST', body: Buffer.from('{}') }), `message:${id}`);
  await store.accept([buildMessage(id, { content, deliveries: [delivery] })], clock.now());
  const row = () => store.deliveries.get(delivery.id);
  const stopping = new AbortController().signal;

  for (let turn = 0; turn < 500; turn++) {
    const now = row();
    if (now === undefined) throw new Error('the delivery is gone');
    expect(bookings()).toBeLessThanOrEqual(1);
    if (now.state === 'succeeded') break;
    if (now.dueAtMs === null) {
      // After a while a person looks: at what is booked when its outcome is unknown, and sends again what is dead.
      clock.advance(60_000);
      if (now.state === 'unknown' && bookings() > 0) {
        Object.assign(now, { state: 'succeeded', sending: false });
        break;
      }
      expect(['unknown', 'dead']).toContain(now.state);
      Object.assign(now, {
        ...{ state: 'pending', dueAtMs: clock.now(), attemptBase: now.attemptCount },
        ...{ sending: false, lost: 0, lookups: 0 },
      });
    }
    clock.advance(2_000);
    await store.expireLeases();
    for (const wake of sleepers.splice(0, clock.now() % 3 === 0 ? sleepers.length : 0)) wake();
    const [claimed] = await store.claim([delivery.id], `worker ${turn}`, LEASE_MS);
    if (claimed === undefined) continue;
    const lost = new Promise<null>((resolve) => {
      gone = () => resolve(null);
    });
    // A worker that wakes up late records what it knows; its number is an old one.
    const work = deliver(claimed, stopping).then((record) => (record === null ? [] : store.record([record])));
    if ((await Promise.race([work, lost])) === null) clock.advance(LEASE_MS + 1);
  }
  for (const wake of sleepers) wake();
  await new Promise((resolve) => setImmediate(resolve));
  return { bookings: bookings(), state: row()?.state };
}

const faults = fc.record({
  payments: fc.array(fc.constantFrom(...PAYMENT_FATES), { maxLength: 12 }),
  lookups: fc.array(fc.constantFrom(...LOOKUP_FATES), { maxLength: 12 }),
});

it('books once and succeeds, whatever fails, where the system can be asked', async () => {
  await fc.assert(
    fc.asyncProperty(faults, async ({ payments, lookups }) => {
      expect(await play([...payments], [...lookups], true)).toEqual({ bookings: 1, state: 'succeeded' });
    }),
    { numRuns: 1_000 },
  );
});

it('books once and succeeds with a person who looks, where it cannot', async () => {
  await fc.assert(
    fc.asyncProperty(faults, async ({ payments }) => {
      expect(await play([...payments], [], false)).toEqual({ bookings: 1, state: 'succeeded' });
    }),
    { numRuns: 1_000 },
  );
});
