/** What the dispatcher makes of deliveries that the accepting process took over for it. */
import { type ClaimedDelivery, DEFAULT_POLICY, type DeliveryRecord, type MessageStore, type SpokeGate } from '@nave/core';
import { type CompiledSpoke, createRecorder, type Deliver, type OpenMessage, storeBatch } from '@nave/pipeline';
import {
  buildDelivery,
  buildMessage,
  buildRecord,
  fakeClock,
  fakeIds,
  memoryMessageStore,
  recordingBell,
  recordingLogger,
} from '@nave/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';

const SOON = { timeout: 20_000, interval: 2 };
const MIB = 1024 * 1024;
const turn = () => new Promise((resolve) => setImmediate(resolve));

let open: Dispatcher[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(open.splice(0).map((dispatcher) => dispatcher.stop(0)));
});

interface Options {
  spokes?: Record<string, { concurrency?: number; paused?: boolean }>;
  deliver?: Deliver;
  concurrency?: number;
  leaseMs?: number;
  store?: (real: MessageStore) => Partial<MessageStore>;
  gates?: readonly SpokeGate[];
}

/** Deliveries that end when the test says so. */
function manual() {
  const under = new Map<ClaimedDelivery, (record?: DeliveryRecord) => void>();
  let most = 0;
  const deliver: Deliver = (delivery, signal, lease) =>
    new Promise((resolve) => {
      if (lease?.holds() === false) {
        resolve(null);
        return;
      }
      const end = (record: DeliveryRecord) => {
        under.delete(delivery);
        resolve(record);
      };
      under.set(delivery, (record = buildRecord(delivery)) => end(record));
      most = Math.max(most, under.size);
      const back = () => end(buildRecord(delivery, { state: 'pending', delayMs: 0, attempt: null }));
      signal.addEventListener('abort', back);
      lease?.onLost?.(back);
    });
  return {
    deliver,
    under,
    most: () => most,
    of: (spoke: string) => [...under.keys()].filter((delivery) => delivery.spoke === spoke),
    endAll: () => {
      for (const end of [...under.values()]) end();
    },
  };
}

function set({
  spokes = { erp: {} },
  deliver = async (d) => buildRecord(d),
  concurrency = 100,
  leaseMs = 30_000,
  ...change
}: Options = {}) {
  const clock = fakeClock();
  const real = memoryMessageStore(clock);
  const store: MessageStore = { ...real, ...change.store?.(real) };
  const [logger, ids] = [recordingLogger(), fakeIds()];
  const settings = new Map(Object.entries(spokes));
  const compiled = (name: string): CompiledSpoke | null => {
    const spoke = settings.get(name);
    if (spoke === undefined) return null;
    const { concurrency: slots = 10, paused = false } = spoke;
    return {
      ...{ inbound: null, operation: () => null },
      definition: {
        ...{ name, kind: 'rest', title: '', version: 1, config: {}, credentials: null, inbound: null, paused, enabled: true },
        policy: { ...DEFAULT_POLICY, concurrency: slots },
      },
    };
  };
  const finished: string[] = [];
  const dispatcher = createDispatcher({
    ...{ store, deliver, logger, leaseMs, concurrency, owner: 'me', gates: change.gates ?? [] },
    registry: {
      ...{ spoke: compiled, route: () => null, routesFor: () => [], refresh: async () => undefined, routeVersion: async () => null },
      connection: () => Promise.reject(new Error('not used')),
    },
    recorder: createRecorder(store, recordingBell()),
    onFinished: ({ id }, { state }) => {
      if (state === 'succeeded') finished.push(id);
    },
  });
  open = [...open, dispatcher];
  const message = (spoke: string, size = 10): OpenMessage => {
    const id = ids.next(clock.now());
    const body = Buffer.alloc(size);
    return {
      message: buildMessage(id, { size, deliveries: [buildDelivery(id, { spoke })] }),
      content: { headers: {}, query: {}, method: 'POST', body },
      data: null,
    };
  };
  /** Accepts so many messages in one batch, as the accepter does; answers what has to be rung for. */
  async function accept(spoke: string, count: number, size = 10, into: Pick<MessageStore, 'accept'> = store) {
    const batch = Array.from({ length: count }, () => message(spoke, size));
    const stored = await storeBatch(into, dispatcher.takeOver, batch, clock.now());
    return { ids: batch.flatMap((each) => each.message.deliveries.map(({ id }) => id)), ring: stored.flatMap(({ ring }) => ring) };
  }
  /** Stores a message without taking its delivery over. */
  const left = async (spoke: string) => (await storeBatch(store, null, [message(spoke)], clock.now())).flatMap(({ ring }) => ring);
  const stateOf = (id: string) => real.deliveries.get(id)?.state;
  const states = () => [...real.deliveries.values()].map(({ state }) => state);
  /** True when no place and no byte is kept. */
  function balanced(): boolean {
    const { takeOver } = dispatcher;
    settings.set('probe', {});
    if (!takeOver.reserve('probe', 16 * MIB)) return false;
    takeOver.release('probe', 16 * MIB);
    return dispatcher.ready() === 0 && dispatcher.active() === 0;
  }
  return { dispatcher, real, clock, logger, settings, finished, accept, left, stateOf, states, balanced };
}

function gate() {
  let room = Number.POSITIVE_INFINITY;
  let under = 0;
  const listeners: ((spoke: string) => void)[] = [];
  const self: SpokeGate = {
    room: (spoke, wanted) => (spoke === 'erp' ? Math.max(0, Math.min(wanted, room - under)) : wanted),
    started: (_spoke, count) => {
      under += count;
    },
    ended: (_spoke, count) => {
      under -= count;
    },
    onRoom: (listener) => void listeners.push(listener),
    close: async () => undefined,
  };
  return {
    self,
    under: () => under,
    set(value: number, spoke = 'erp') {
      room = value;
      for (const listener of listeners) listener(spoke);
    },
  };
}

describe('the backlog of a dispatcher', () => {
  /** A spoke whose deliveries have been ending at some 50 in 100 ms, and end no more until they are told to. */
  async function atPace() {
    const slow = manual();
    const made = set({ deliver: slow.deliver, spokes: { erp: { concurrency: 2 } } });
    const deadline = performance.now() + 20_000;
    for (let n = 0; made.dispatcher.backlog().ready === 0 && performance.now() < deadline; n++) {
      await made.accept('erp', 1);
      slow.endAll();
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (n > 60) await made.accept('erp', 3);
    }
    return { ...made, ...slow };
  }

  it('counts what was taken over and what is known by its id, while their spoke drains quickly', async () => {
    const { dispatcher, left, endAll, under } = await atPace();
    const { ready } = dispatcher.backlog();
    expect(ready).toBeGreaterThan(0);
    dispatcher.offer(await left('erp'));
    expect(dispatcher.backlog()).toEqual({ ready, rung: 1, inOrder: 0 });
    await expect
      .poll(() => {
        endAll();
        return dispatcher.ready() + under.size;
      }, SOON)
      .toBe(0);
    expect(dispatcher.backlog()).toEqual({ ready: 0, rung: 0, inOrder: 0 });
  });

  it('tells apart what waits for its turn in order', async () => {
    const { dispatcher, left } = await atPace();
    const { ready } = dispatcher.backlog();
    dispatcher.offerTurns(await left('erp'));
    expect(dispatcher.backlog()).toEqual({ ready: 0, rung: 0, inOrder: ready + 1 });
  });
});

describe('a delivery taken over', () => {
  it('is delivered and recorded without being claimed, and its books are balanced', async () => {
    const claim = vi.fn(async () => []);
    const { accept, finished, balanced } = set({ store: () => ({ claim, claimDue: claim }) });
    const { ids, ring } = await accept('erp', 10, 1_000);
    expect(ring).toEqual([]);
    await expect.poll(() => finished.length, SOON).toBe(10);
    expect([...finished].sort()).toEqual([...ids].sort());
    expect(claim).not.toHaveBeenCalled();
    await expect.poll(balanced, SOON).toBe(true);
  });

  it('respects the concurrency of its spoke; what is too much is rung for', async () => {
    const { deliver, under, most, endAll } = manual();
    const { dispatcher, accept, finished, balanced } = set({ deliver, spokes: { erp: { concurrency: 3 } } });
    const { ring } = await accept('erp', 20);
    expect([under.size, ring.length]).toEqual([3, 17]);
    dispatcher.offer(ring);
    while (finished.length < 20) {
      endAll();
      await turn();
    }
    expect(most()).toBe(3);
    await expect.poll(balanced, SOON).toBe(true);
  });

  it('respects what the gates give, and starts what waits when they give more', async () => {
    const { deliver, under, endAll } = manual();
    const one = gate();
    one.set(2);
    const { accept, finished, balanced } = set({ deliver, gates: [one.self] });
    const { ring } = await accept('erp', 5);
    expect([under.size, one.under(), ring.length]).toEqual([2, 2, 3]);
    endAll();
    await expect.poll(() => finished.length, SOON).toBe(2);
    await expect.poll(balanced, SOON).toBe(true);
    expect(one.under()).toBe(0);
  });

  it('starts what waited for the process alone as soon as a slot of that is free', async () => {
    for (const concurrency of [1, 2, 3]) {
      // Only the milliseconds in which results gather pass: it has not to wait for the timer that looks now and then.
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
      const { deliver, under, endAll } = manual();
      const { accept, finished, balanced } = set({ deliver, concurrency });
      await accept('erp', concurrency);
      await expect.poll(() => under.size, SOON).toBe(concurrency);
      expect((await accept('erp', concurrency)).ring).toEqual([]);
      for (let n = 0; n < 100 && finished.length < 2 * concurrency; n++) {
        endAll();
        await turn();
        vi.advanceTimersByTime(1);
      }
      vi.useRealTimers();
      expect(finished).toHaveLength(2 * concurrency);
      await expect.poll(balanced, SOON).toBe(true);
    }
  });

  it('never makes the process have more under way than it may', async () => {
    const { deliver, most, endAll } = manual();
    const names = Array.from({ length: 30 }, (_, n) => `s${n}`);
    const { dispatcher, accept, finished } = set({
      deliver,
      concurrency: 16,
      spokes: Object.fromEntries(names.map((name) => [name, { concurrency: 10 }])),
    });
    for (const name of names) dispatcher.offer((await accept(name, 5)).ring);
    await vi.waitFor(() => {
      endAll();
      expect(finished).toHaveLength(150);
    }, SOON);
    expect(most()).toBeLessThanOrEqual(16);
  });

  it('leaves slots to spokes whose deliveries wait, however much others take over', async () => {
    const { deliver, under, endAll } = manual();
    const names = ['a', 'b', 'c', 'd'];
    const { dispatcher, left, accept, finished } = set({
      deliver,
      concurrency: 4,
      spokes: Object.fromEntries([...names, 'late'].map((name) => [name, { concurrency: 4 }])),
    });
    for (const spoke of [...names, 'late']) await accept(spoke, 1);
    await vi.waitFor(() => {
      endAll();
      expect(finished).toHaveLength(5);
    }, SOON);
    const [late] = await left('late');
    if (late === undefined) throw new Error('nothing stored');
    // What is not taken over is left to other workers: here the lines never get long.
    for (const spoke of names) await accept(spoke, 4);
    dispatcher.offer([late]);
    let rounds = 0;
    while (!finished.includes(late.deliveryId) && rounds < 200) {
      rounds += 1;
      const [first] = under.values();
      first?.();
      for (const spoke of names) await accept(spoke, 1);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(rounds).toBeLessThan(100);
    await vi.waitFor(() => {
      endAll();
      expect(dispatcher.active()).toBe(0);
    }, SOON);
  });
});

describe('a delivery that is ready and cannot start', () => {
  /** A quick spoke with its one slot taken, and so many ready behind it. */
  async function withReady(options: Options = {}) {
    const slow = manual();
    const one = gate();
    const made = set({ deliver: slow.deliver, spokes: { erp: { concurrency: 2 } }, gates: [one.self], ...options });
    await made.accept('erp', 1);
    await expect.poll(() => slow.under.size, SOON).toBe(1);
    slow.endAll();
    await expect.poll(() => made.finished.length, SOON).toBe(1);
    await made.accept('erp', 2);
    const ready = await made.accept('erp', 3);
    expect(ready.ring).toEqual([]);
    expect([slow.under.size, made.dispatcher.ready()]).toEqual([2, 3]);
    // It stands: nobody is kept waiting for it.
    expect(made.dispatcher.backlog()).toEqual({ ready: 0, rung: 0, inOrder: 0 });
    return { ...made, ...slow, one, ready: ready.ids };
  }

  it('is given back pending when its spoke is paused, and delivered when that goes on', async () => {
    const { dispatcher, settings, endAll, ready, stateOf, finished, balanced } = await withReady();
    settings.set('erp', { paused: true });
    endAll();
    await expect.poll(() => ready.map(stateOf), SOON).toEqual(['pending', 'pending', 'pending']);
    await expect.poll(balanced, SOON).toBe(true);
    settings.set('erp', {});
    dispatcher.offer(ready.map((deliveryId) => ({ spoke: 'erp', deliveryId })));
    await vi.waitFor(() => {
      endAll();
      expect(finished).toHaveLength(6);
    }, SOON);
  });

  it('is given back pending when its spoke has had no room for longer than moments', async () => {
    const { one, endAll, ready, stateOf, balanced, real } = await withReady();
    one.set(0);
    endAll();
    await expect.poll(() => ready.map(stateOf), SOON).toEqual(['pending', 'pending', 'pending']);
    expect(ready.map((id) => real.deliveries.get(id)?.attemptCount)).toEqual([0, 0, 0]);
    await expect.poll(balanced, SOON).toBe(true);
  });

  it('is given back pending when nobody in front of it ends within moments', async () => {
    const { ready, stateOf, endAll, balanced } = await withReady();
    await expect.poll(() => ready.map(stateOf), SOON).toEqual(['pending', 'pending', 'pending']);
    endAll();
    await expect.poll(balanced, SOON).toBe(true);
  });

  it('is given back when spokes that hang have taken what the process has for them: other workers may have room', async () => {
    const { deliver, under, endAll } = manual();
    const { accept, states, balanced } = set({ deliver, concurrency: 8, spokes: { erp: { concurrency: 20 }, crm: { concurrency: 20 } } });
    await accept('erp', 8);
    expect(under.size).toBe(6);
    expect(states().filter((state) => state === 'active')).toHaveLength(8);
    await expect.poll(() => states().filter((state) => state === 'pending').length, SOON).toBe(2);
    expect(under.size).toBe(6);
    endAll();
    await expect.poll(balanced, SOON).toBe(true);
  });

  it('keeps its lease while it is ready', async () => {
    const renewed: string[] = [];
    const { ready, endAll } = await withReady({
      leaseMs: 90,
      store: (real) => ({
        renew: async (leases, ...more) => {
          renewed.push(...leases.map(({ id }) => id));
          return real.renew(leases, ...more);
        },
      }),
    });
    await expect.poll(() => ready.every((id) => renewed.includes(id)), SOON).toBe(true);
    endAll();
  });

  it('is dropped when its lease is lost: it is not sent, not recorded, and its place is free', async () => {
    const lost = new Set<string>();
    const { ready, endAll, stateOf, finished, balanced, of } = await withReady({
      leaseMs: 90,
      store: () => ({ renew: async (leases) => leases.map(({ id }) => id).filter((id) => !lost.has(id)) }),
    });
    for (const id of ready) lost.add(id);
    await new Promise((resolve) => setTimeout(resolve, 120));
    endAll();
    await expect.poll(balanced, SOON).toBe(true);
    expect(of('erp')).toEqual([]);
    expect(ready.map(stateOf)).toEqual(['active', 'active', 'active']);
    expect(finished).toHaveLength(3);
  });

  it('does not break off its own successor, claimed here anew after the lease was lost', async () => {
    const { dispatcher, ready, endAll, real, clock, finished, balanced, under } = await withReady({ leaseMs: 30_000 });
    clock.advance(31_000);
    await real.expireLeases();
    const [id = ''] = ready;
    expect(await dispatcher.probe('erp', id)).toBe(true);
    const mine = () => [...under.keys()].filter((each) => each.id === id).map(({ fence }) => fence);
    expect(mine()).toEqual([3]);
    // The slots in front end; the row that was ready has its turn, and is not ours any more.
    for (const [delivery, end] of [...under]) if (delivery.id !== id) end();
    await expect.poll(() => dispatcher.ready(), SOON).toBe(0);
    expect(mine()).toEqual([3]);
    endAll();
    await vi.waitFor(() => {
      endAll();
      expect(finished).toContain(id);
    }, SOON);
    await vi.waitFor(() => {
      endAll();
      expect(balanced()).toBe(true);
    }, SOON);
  });

  it('is given back once the database is there again', async () => {
    const { ready, real, settings, endAll, stateOf, balanced } = await withReady();
    real.setDown(true);
    settings.set('erp', { paused: true });
    endAll();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ready.map(stateOf)).toEqual(['active', 'active', 'active']);
    real.setDown(false);
    await expect.poll(() => ready.map(stateOf), SOON).toEqual(['pending', 'pending', 'pending']);
    await expect.poll(balanced, SOON).toBe(true);
  });

  it('is given back by a stop, which waits until that is recorded', async () => {
    const { dispatcher, ready, stateOf, endAll, finished } = await withReady();
    const stopping = dispatcher.stop(10_000);
    endAll();
    await stopping;
    expect(ready.map(stateOf)).toEqual(['pending', 'pending', 'pending']);
    expect([finished.length, dispatcher.active(), dispatcher.ready()]).toEqual([3, 0, 0]);
  });

  it('is given back when its commit ends after the stop', async () => {
    const { dispatcher, accept, real, states } = set();
    const hold = Promise.withResolvers<void>();
    const accepted = accept('erp', 2, 10, {
      accept: async (...asked) => {
        await hold.promise;
        return real.accept(...asked);
      },
    });
    await dispatcher.stop(1_000);
    hold.resolve();
    await accepted;
    await expect.poll(states, SOON).toEqual(['pending', 'pending']);
    expect(dispatcher.takeOver.reserve('erp', 1)).toBe(false);
  });
});

describe('the bytes of what was taken over', () => {
  it('are counted until the delivery is recorded, however it ends', async () => {
    const slow = manual();
    const { accept, dispatcher, finished, balanced, real } = set({ deliver: slow.deliver });
    const { ring } = await accept('erp', 3, 6 * MIB);
    expect(ring).toHaveLength(1);
    expect(dispatcher.takeOver.reserve('erp', 5 * MIB)).toBe(false);
    real.setDown(true);
    slow.endAll();
    await turn();
    expect(dispatcher.takeOver.reserve('erp', 5 * MIB)).toBe(false);
    real.setDown(false);
    await expect.poll(() => finished.length, SOON).toBe(2);
    await expect.poll(balanced, SOON).toBe(true);
  });

  it('are free again after a delivery that throws', async () => {
    const { accept, balanced } = set({ deliver: () => Promise.reject(new TypeError('a bug')) });
    await accept('erp', 2, 8 * MIB);
    await expect.poll(balanced, SOON).toBe(true);
  });
});
