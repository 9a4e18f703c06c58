import { type ClaimedDelivery, HubError, type NewDelivery, type NewMessage } from '@nave/core';
import { buildDelivery, buildMessage, fakeClock, fakeIds, memoryMessageStore } from '@nave/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit.ts';
import { type OpenMessage, type Stored, storeBatch, type TakeOver } from './take-over.ts';

/** A worker that has room for what `has` says, and keeps its books. */
function worker(has: (spoke: string) => boolean = () => true) {
  const places = new Map<string, { count: number; bytes: number }>();
  const begun: { delivery: ClaimedDelivery; acceptedAt: number }[] = [];
  let reserved = 0;
  const add = (spoke: string, count: number, bytes: number) => {
    const before = places.get(spoke) ?? { count: 0, bytes: 0 };
    const after = { count: before.count + count, bytes: before.bytes + bytes };
    if (after.count < 0 || after.bytes < 0) throw new Error(`more places of ${spoke} given back than were taken`);
    places.set(spoke, after);
  };
  const self: TakeOver = {
    ...{ owner: 'me', leaseMs: 20_000 },
    reserve(spoke, bytes) {
      if (!has(spoke)) return false;
      reserved += 1;
      add(spoke, 1, bytes);
      return true;
    },
    release: (spoke, bytes) => add(spoke, -1, -bytes),
    begin(deliveries, acceptedAt) {
      for (const delivery of deliveries) {
        begun.push({ delivery, acceptedAt });
        add(delivery.spoke, -1, -(delivery.opened?.content.body.length ?? 0));
      }
    },
  };
  const kept = () => [...places.values()].reduce((sum, { count, bytes }) => sum + count + bytes, 0);
  return { self, begun, kept, reserved: () => reserved, ids: () => begun.map(({ delivery }) => delivery.id) };
}

function world() {
  const clock = fakeClock();
  const [store, ids] = [memoryMessageStore(clock), fakeIds()];
  function open(deliveries: (id: string) => NewDelivery[], changes: Partial<NewMessage> = {}): OpenMessage {
    const id = ids.next(clock.now());
    const body = Buffer.from('{"order":1}');
    const message = buildMessage(id, { size: body.length, deliveries: deliveries(id), ...changes });
    return { message, content: { headers: { 'x-shop': 'one' }, query: {}, method: 'POST', body }, data: { order: 1 } };
  }
  const one = (changes: Partial<NewMessage> = {}, delivery: Partial<NewDelivery> = {}) =>
    open((id) => [buildDelivery(id, delivery)], changes);
  const stateOf = (id: string) => store.deliveries.get(id)?.state;
  const idsOf = ({ message }: OpenMessage) => message.deliveries.map(({ id }) => id);
  return { store, clock, open, one, stateOf, idsOf };
}

describe('storing what is taken over', () => {
  it('stores it under the lease of this process and begins it with its message open', async () => {
    const { store, clock, one, idsOf } = world();
    const { self, begun, kept } = worker();
    const message = one({ correlationId: 'c1', traceparent: 'tp', orderingKey: 'k' });
    const before = performance.now();
    const [stored] = await storeBatch(store, self, [message], clock.now());
    expect(stored).toEqual({ result: { duplicateOf: null, mismatch: false }, ring: [] });
    const [id = ''] = idsOf(message);
    expect(store.deliveries.get(id)).toMatchObject({ state: 'active', owner: 'me', fence: 1, dueAtMs: clock.now() + 20_000 });
    expect(begun).toHaveLength(1);
    expect(begun[0]?.acceptedAt).toBeGreaterThanOrEqual(before);
    expect(begun[0]?.delivery).toMatchObject({ id, fence: 1, attemptCount: 0, sending: false, opened: { data: { order: 1 } } });
    expect(kept()).toBe(0);
  });

  it('begins exactly what a claim would give', async () => {
    const { store, clock, one, idsOf } = world();
    const { self, begun } = worker();
    const message = one({ correlationId: 'c1', traceparent: 'tp', orderingKey: 'k' });
    await storeBatch(store, self, [message], clock.now());
    // The memory store's own row, claimed again once the lease is over.
    clock.advance(40_000);
    await store.expireLeases();
    const [claimed] = await store.claim(idsOf(message), 'me', 1_000);
    const { opened: _open, ...taken } = begun[0]?.delivery ?? { opened: undefined };
    expect({ ...claimed, fence: 1 }).toEqual(taken);
  });

  it('rings for what there is no room for, and for nothing else', async () => {
    const { store, clock, open, stateOf } = world();
    const { self, ids } = worker((spoke) => spoke === 'erp');
    const message = open((id) => [
      buildDelivery(id, { route: 'a', spoke: 'erp' }),
      buildDelivery(id, { route: 'b', spoke: 'crm' }),
      buildDelivery(id, { route: 'c', spoke: 'erp', state: 'skipped' }),
      buildDelivery(id, { route: 'd', spoke: 'erp', state: 'dead', reason: 'when' }),
    ]);
    const [a, b, c, d] = message.message.deliveries.map(({ id }) => id);
    const [stored] = await storeBatch(store, self, [message], clock.now());
    expect(stored?.ring).toEqual([{ spoke: 'crm', deliveryId: b }]);
    expect(ids()).toEqual([a]);
    expect([a, b, c, d].map((id) => stateOf(id ?? ''))).toEqual(['active', 'pending', 'skipped', 'dead']);
  });

  it('without a worker rings for everything that is due, and begins nothing', async () => {
    const { store, clock, one, idsOf } = world();
    const messages = [one(), one()];
    const stored = await storeBatch(store, null, messages, clock.now());
    expect(stored.flatMap(({ ring }) => ring.map(({ deliveryId }) => deliveryId))).toEqual(messages.flatMap(idsOf));
  });

  it('gives back the places of a repeat: nobody is rung and nothing begins', async () => {
    const { store, clock, one, stateOf, idsOf } = world();
    const { self, ids, kept, reserved } = worker();
    const first = one({ idempotencyKeys: ['k'] });
    await storeBatch(store, self, [first], clock.now());
    const repeat = one({ idempotencyKeys: ['k'] });
    const [stored] = await storeBatch(store, self, [repeat], clock.now());
    expect(stored).toEqual({ result: { duplicateOf: first.message.id, mismatch: false }, ring: [] });
    expect(reserved()).toBe(2);
    expect(ids()).toEqual(idsOf(first));
    expect(idsOf(repeat).map(stateOf)).toEqual([undefined]);
    expect(kept()).toBe(0);
  });

  it('begins the head of a lane, and leaves those behind it held, neither rung nor begun', async () => {
    const { store, clock, one, stateOf, idsOf } = world();
    const { self, ids, kept } = worker();
    const batch = [1, 2, 3].map(() => one({}, { laneKey: 'order-1' }));
    const stored = await storeBatch(store, self, batch, clock.now());
    expect(ids()).toEqual(idsOf(batch[0] ?? one()));
    expect(stored.map(({ ring }) => ring)).toEqual([[], [], []]);
    expect(batch.flatMap(idsOf).map(stateOf)).toEqual(['active', 'held', 'held']);
    expect(kept()).toBe(0);
  });

  it('keeps no place and begins nothing when the store fails', async () => {
    const { store, clock, one, open } = world();
    const { self, ids, kept, reserved } = worker();
    store.setDown(true);
    const two = open((id) => [buildDelivery(id, { route: 'a' }), buildDelivery(id, { route: 'b', spoke: 'crm' })]);
    await expect(storeBatch(store, self, [one(), two], clock.now())).rejects.toMatchObject({ code: 'store.unavailable' });
    expect([ids(), kept(), reserved()]).toEqual([[], 0, 3]);
  });

  it('keeps its books when a batch is halved for one message that cannot be stored', async () => {
    const { store, clock, one, idsOf } = world();
    const { self, ids, kept } = worker();
    const commits = new GroupCommit<OpenMessage, Stored>({
      write: (batch) => storeBatch(store, self, batch, clock.now()),
      ...{ batchMax: 256, writersMax: 1, waitingMax: 100, bisect: () => true },
    });
    const messages = Array.from({ length: 9 }, (_, n) => one(n === 4 ? { type: 'a\u0000b' } : {}));
    const results = await Promise.allSettled(messages.map((message) => commits.add(message)));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(messages.map((_, n) => n !== 4));
    expect(ids()).toEqual(messages.filter((_, n) => n !== 4).flatMap(idsOf));
    expect(new Set(ids()).size).toBe(8);
    expect(kept()).toBe(0);
  });

  it('begins each once when a batch is written again after a lost race', async () => {
    const { store, clock, one, idsOf } = world();
    const { self, ids, kept } = worker();
    let lost = 2;
    const racing: typeof store.accept = async (...asked) => {
      lost -= 1;
      if (lost >= 0) throw new HubError('store.conflict');
      return store.accept(...asked);
    };
    const commits = new GroupCommit<OpenMessage, Stored>({
      write: (batch) => storeBatch({ accept: racing }, self, batch, clock.now()),
      ...{ batchMax: 256, writersMax: 1, waitingMax: 100, again: () => true },
    });
    const messages = [one(), one()];
    await Promise.all(messages.map((message) => commits.add(message)));
    expect(ids()).toEqual(messages.flatMap(idsOf));
    expect(kept()).toBe(0);
  });

  it('leaves to its lease what was committed although the answer was lost: it is delivered when that is over', async () => {
    const { store, clock, one, stateOf, idsOf } = world();
    const { self, ids, kept } = worker();
    const message = one({ idempotencyKeys: ['k'] });
    const cut: typeof store.accept = async (...asked) => {
      await store.accept(...asked);
      throw new HubError('store.unavailable');
    };
    await expect(storeBatch({ accept: cut }, self, [message], clock.now())).rejects.toThrow();
    expect([ids(), kept()]).toEqual([[], 0]);
    const [id = ''] = idsOf(message);
    expect(stateOf(id)).toBe('active');
    // The sender repeats, as a 503 asks it to.
    const [repeated] = await storeBatch(store, self, [one({ idempotencyKeys: ['k'] })], clock.now());
    expect(repeated?.result.duplicateOf).toBe(message.message.id);
    expect(ids()).toEqual([]);
    clock.advance(20_001);
    expect(await store.expireLeases()).toEqual([{ spoke: 'erp', deliveryId: id, state: 'pending', gaveUp: false }]);
    expect((await store.claim([id], 'other', 1_000)).map((each) => each.id)).toEqual([id]);
  });

  it('whatever a batch holds: each delivery is begun, rung for, held or not stored, never two of these, and no place is left', async () => {
    const delivery = fc.record({
      spoke: fc.constantFrom('a', 'b', 'c'),
      laneKey: fc.constantFrom(null, null, 'x', 'y'),
      skipped: fc.boolean(),
    });
    const message = fc.record({ key: fc.constantFrom(null, null, 'k1', 'k2'), deliveries: fc.array(delivery, { maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(message, { maxLength: 6 }), { maxLength: 4 }),
        fc.integer({ min: 0, max: 9 }),
        async (batches, room) => {
          const { store, clock, open, stateOf, idsOf } = world();
          let left = room;
          const { self, ids, kept } = worker((spoke) => spoke !== 'c' && left-- > 0);
          for (const batch of batches) {
            const keys = new Set<string>();
            const opens = batch
              .filter(({ key }) => key === null || (!keys.has(key) && keys.add(key)))
              .map((each) =>
                open(
                  (id) =>
                    each.deliveries.map(({ spoke, laneKey, skipped }, n) =>
                      buildDelivery(id, { route: `r${n}`, spoke, laneKey, state: skipped ? 'skipped' : 'pending' }),
                    ),
                  { idempotencyKeys: each.key === null ? [] : [each.key] },
                ),
              );
            const begunBefore = ids().length;
            const stored = await storeBatch(store, self, opens, clock.now());
            const begun = new Set(ids().slice(begunBefore));
            const rung = new Set(stored.flatMap(({ ring }) => ring.map(({ deliveryId }) => deliveryId)));
            for (const id of opens.flatMap(idsOf)) {
              const expected = begun.has(id) ? 'active' : rung.has(id) ? 'pending' : stateOf(id);
              expect(stateOf(id)).toBe(expected);
              if (!begun.has(id) && !rung.has(id)) expect([undefined, 'held', 'skipped']).toContain(stateOf(id));
              expect(begun.has(id) && rung.has(id)).toBe(false);
            }
          }
          expect(new Set(ids()).size).toBe(ids().length);
          expect(kept()).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});
