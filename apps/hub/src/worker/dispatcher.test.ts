import { type ClaimedDelivery, DEFAULT_POLICY, type DeliveryRecord, HubError, type MessageStore, type SpokeGate } from '@nave/core';
import { type CompiledSpoke, createRecorder, type Deliver, type Recorder } from '@nave/pipeline';
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

interface Spoke {
  concurrency?: number;
  paused?: boolean;
  enabled?: boolean;
}

interface Options {
  spokes?: Record<string, Spoke>;
  deliver?: Deliver;
  concurrency?: number;
  leaseMs?: number;
  store?: (real: MessageStore) => Partial<MessageStore>;
  recorder?: (real: Recorder) => Recorder;
  gates?: readonly SpokeGate[];
}

let open: Dispatcher[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(open.splice(0).map((dispatcher) => dispatcher.stop(0)));
});

/** Deliveries that end when the test says so. */
function manual() {
  const under = new Map<string, { delivery: ClaimedDelivery; done: () => void; signal: AbortSignal }>();
  const most = new Map<string, number>();
  const deliver: Deliver = (delivery, signal) =>
    new Promise((resolve) => {
      const end = (record: DeliveryRecord | null) => {
        under.delete(delivery.id);
        resolve(record);
      };
      under.set(delivery.id, { delivery, signal, done: () => end(buildRecord(delivery)) });
      signal.addEventListener('abort', () => end(buildRecord(delivery, { state: 'pending', delayMs: 0, attempt: null })));
      const now = [...under.values()].filter((each) => each.delivery.spoke === delivery.spoke).length;
      most.set(delivery.spoke, Math.max(most.get(delivery.spoke) ?? 0, now));
    });
  return { deliver, under, most, of: (spoke: string) => [...under.values()].filter(({ delivery }) => delivery.spoke === spoke) };
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
    const { concurrency: slots = 10, paused = false, enabled = true } = spoke;
    return {
      ...{ inbound: null, operation: () => null },
      definition: {
        ...{ name, kind: 'rest', title: '', version: 1, config: {}, credentials: null, inbound: null, paused, enabled },
        policy: { ...DEFAULT_POLICY, concurrency: slots },
      },
    };
  };
  const finished: string[] = [];
  const recorder = createRecorder(store, recordingBell());
  const dispatcher = createDispatcher({
    ...{ store, deliver, logger, leaseMs, concurrency, owner: 'me', gates: change.gates ?? [] },
    registry: {
      ...{ spoke: compiled, route: () => null, routesFor: () => [], refresh: async () => undefined, routeVersion: async () => null },
      connection: () => Promise.reject(new Error('not used')),
    },
    recorder: change.recorder?.(recorder) ?? recorder,
    onFinished: ({ id }) => finished.push(id),
  });
  open = [...open, dispatcher];
  /** Stores messages with one delivery each; answers ring entries. */
  async function accept(spoke: string, count: number) {
    const messages = Array.from({ length: count }, () => {
      const id = ids.next(clock.now());
      return buildMessage(id, { deliveries: [buildDelivery(id, { spoke })] });
    });
    await real.accept(messages, clock.now());
    return messages.flatMap(({ deliveries }) => deliveries.map(({ id }) => ({ spoke, deliveryId: id })));
  }
  const states = () => [...real.deliveries.values()].map(({ state }) => state);
  return { dispatcher, real, clock, logger, settings, finished, accept, states };
}

describe('the dispatcher', () => {
  it('delivers and records what it is told of, each once', async () => {
    const { dispatcher, accept, finished, states } = set();
    const entries = await accept('erp', 30);
    dispatcher.offer([...entries, ...entries]);
    dispatcher.offer(entries);
    await expect.poll(() => finished.length, SOON).toBe(30);
    expect(new Set(finished).size).toBe(30);
    expect(new Set(states())).toEqual(new Set(['succeeded']));
    expect(dispatcher.active()).toBe(0);
  });

  it('never has more under way for a spoke than it may, nor in all', async () => {
    const { deliver, under, most } = manual();
    const { dispatcher, accept, finished } = set({
      deliver,
      spokes: { erp: { concurrency: 3 }, crm: { concurrency: 50 } },
      concurrency: 20,
    });
    dispatcher.offer([...(await accept('erp', 20)), ...(await accept('crm', 40))]);
    // A quarter is kept for spokes that are known to be quick.
    await expect.poll(() => under.size, SOON).toBe(15);
    while (finished.length < 60) {
      for (const { done } of under.values()) done();
      await new Promise((resolve) => setImmediate(resolve));
      expect(under.size).toBeLessThanOrEqual(20);
    }
    expect(most.get('erp')).toBe(3);
    expect(most.get('crm')).toBeLessThanOrEqual(20);
  });

  it('lets a spoke that hangs hold its own slots only', async () => {
    const { deliver, of } = manual();
    const { dispatcher, accept, finished } = set({
      ...{ spokes: { slow: { concurrency: 5 }, erp: { concurrency: 5 } }, concurrency: 10 },
      deliver: (delivery, signal) => (delivery.spoke === 'slow' ? deliver(delivery, signal) : Promise.resolve(buildRecord(delivery))),
    });
    dispatcher.offer(await accept('slow', 50));
    dispatcher.offer(await accept('erp', 50));
    await expect.poll(() => finished.length, SOON).toBe(50);
    expect(of('slow')).toHaveLength(5);
  });

  it('takes a spoke that nobody knows one at a time', async () => {
    const { deliver, under, most } = manual();
    const { dispatcher, accept, finished } = set({ deliver });
    const entries = await accept('gone', 4);
    while (finished.length < 4) {
      dispatcher.offer(entries);
      await new Promise((resolve) => setImmediate(resolve));
      for (const { done } of under.values()) done();
    }
    expect(most.get('gone')).toBe(1);
  });

  it('keeps its count right when a ticket names the wrong spoke', async () => {
    const { deliver, under, of, most } = manual();
    const { dispatcher, accept, finished } = set({ deliver, spokes: { erp: { concurrency: 2 }, crm: { concurrency: 2 } } });
    const wrong = (await accept('erp', 2)).map(({ deliveryId }) => ({ spoke: 'crm', deliveryId }));
    dispatcher.offer(wrong);
    await expect.poll(() => of('erp').length, SOON).toBe(2);
    const right = await accept('erp', 6);
    dispatcher.offer(right);
    while (finished.length < 8) {
      for (const { done } of under.values()) done();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(most.get('erp')).toBe(2);
  });

  it('drains from the database what its memory had no room for', async () => {
    const { dispatcher, accept, finished } = set({ spokes: { erp: { concurrency: 50 } } });
    dispatcher.offer(await accept('erp', 2_500));
    await expect.poll(() => finished.length, SOON).toBe(2_500);
    expect(new Set(finished).size).toBe(2_500);
  });

  it('asks the database for at most two batches at once, however many spokes overflow', async () => {
    let now = 0;
    let most = 0;
    const counted =
      <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
      async (...args: A) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        return work(...args).finally(() => {
          now -= 1;
        });
      };
    const names = Array.from({ length: 6 }, (_, n) => `s${n}`);
    const { dispatcher, accept, finished } = set({
      spokes: Object.fromEntries(names.map((name) => [name, { concurrency: 20 }])),
      store: (real) => ({ claim: counted(real.claim), claimDue: counted(real.claimDue) }),
    });
    for (const name of names) dispatcher.offer(await accept(name, 1_100));
    await expect.poll(() => finished.length, { timeout: 30_000, interval: 10 }).toBe(6_600);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('drops what it remembers of a paused or disabled spoke, and goes on when that is rung again', async () => {
    const { dispatcher, accept, finished, settings, states } = set({ spokes: { erp: { paused: true }, crm: {} } });
    const [held, other] = [await accept('erp', 5), await accept('crm', 1)];
    dispatcher.offer([...held, ...other]);
    await expect.poll(() => finished.length, SOON).toBe(1);
    expect(states().filter((state) => state === 'pending')).toHaveLength(5);
    settings.set('erp', {});
    dispatcher.offer(await accept('crm', 1));
    await expect.poll(() => finished.length, SOON).toBe(2);
    expect(states().filter((state) => state === 'pending')).toHaveLength(5);
    dispatcher.offer(held);
    await expect.poll(() => finished.length, SOON).toBe(7);
  });

  it('finds again what it could not claim while the database was away', async () => {
    const { dispatcher, accept, finished, real } = set();
    const entries = await accept('erp', 20);
    real.setDown(true);
    dispatcher.offer(entries);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(finished).toEqual([]);
    real.setDown(false);
    await expect.poll(() => finished.length, SOON).toBe(20);
  });

  it('keeps trying to record a result while the database is away or the batch lost a race', async () => {
    const errors = [new HubError('store.unavailable'), new HubError('store.conflict')];
    const { dispatcher, accept, finished, states } = set({
      recorder: (real) => ({
        ...real,
        record: async (entry) => {
          const error = errors.shift();
          if (error !== undefined) throw error;
          return real.record(entry);
        },
      }),
    });
    dispatcher.offer(await accept('erp', 1));
    await expect.poll(() => finished.length, SOON).toBe(1);
    expect(states()).toEqual(['succeeded']);
  });

  it('gives up a result that cannot be stored, and its slot', async () => {
    const { dispatcher, accept, logger, finished } = set({
      spokes: { erp: { concurrency: 1 } },
      recorder: (real) => ({ ...real, record: () => Promise.reject(new HubError('hub.internal')) }),
    });
    dispatcher.offer(await accept('erp', 3));
    await expect.poll(() => logger.lines.filter(({ level }) => level === 'error').length, SOON).toBe(3);
    expect(finished).toEqual([]);
    expect(dispatcher.active()).toBe(0);
  });

  it('survives a delivery that throws', async () => {
    const { dispatcher, accept, logger } = set({ deliver: () => Promise.reject(new TypeError('a bug')) });
    dispatcher.offer(await accept('erp', 2));
    await expect.poll(() => logger.lines.filter(({ level }) => level === 'error').length, SOON).toBe(2);
    await expect.poll(() => dispatcher.active(), SOON).toBe(0);
  });

  it('renews the leases of what takes long, and of nothing that just began', async () => {
    const { deliver, under } = manual();
    const renewed: string[] = [];
    const { dispatcher, accept } = set({
      deliver,
      leaseMs: 60,
      store: () => ({
        renew: async (leases) =>
          leases.map(({ id }) => {
            renewed.push(id);
            return id;
          }),
      }),
    });
    const [entry] = await accept('erp', 1);
    dispatcher.offer(entry === undefined ? [] : [entry]);
    await expect.poll(() => renewed.length, SOON).toBeGreaterThan(1);
    expect(new Set(renewed)).toEqual(new Set([entry?.deliveryId]));
    for (const { done } of under.values()) done();
    await expect.poll(() => dispatcher.active(), SOON).toBe(0);
    const before = renewed.length;
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(renewed).toHaveLength(before);
  });

  it('runs a delivery whose lease was lost and claimed anew one after the other, and records only the later', async () => {
    const { deliver, under } = manual();
    const runs: number[] = [];
    const { dispatcher, accept, real, clock, finished } = set({
      deliver: (delivery, signal) => {
        runs.push(delivery.fence);
        return deliver(delivery, signal);
      },
    });
    const [entry] = await accept('erp', 1);
    if (entry === undefined) throw new Error('nothing accepted');
    dispatcher.offer([entry]);
    await expect.poll(() => runs, SOON).toEqual([1]);
    clock.advance(40_000);
    await real.expireLeases();
    // A thousand others make the lane overflow, so that it asks for what is due.
    dispatcher.offer(Array.from({ length: 1_001 }, (_, n) => ({ spoke: 'erp', deliveryId: `none-${n}` })));
    await expect.poll(() => real.deliveries.get(entry.deliveryId)?.fence, SOON).toBe(3);
    expect(runs).toEqual([1]);
    for (const { done } of under.values()) done();
    await expect.poll(() => runs, SOON).toEqual([1, 3]);
    expect(finished).toEqual([]);
    for (const { done } of under.values()) done();
    await expect.poll(() => finished, SOON).toEqual([entry.deliveryId]);
    expect(real.deliveries.get(entry.deliveryId)).toMatchObject({ state: 'succeeded', attemptCount: 1 });
  });
});

describe('what the gates of the dispatcher decide', () => {
  function gate() {
    const rooms = new Map<string, number>();
    const under = new Map<string, number>();
    let unused = 0;
    const listeners: ((spoke: string) => void)[] = [];
    const add = (spoke: string, count: number) => under.set(spoke, (under.get(spoke) ?? 0) + count);
    const self: SpokeGate = {
      room: (spoke, wanted) => Math.min(wanted, Math.max(0, (rooms.get(spoke) ?? 1_000) - (under.get(spoke) ?? 0))),
      started: add,
      ended: (spoke, count) => add(spoke, -count),
      unused: (_spoke, count) => {
        unused += count;
      },
      onRoom: (listener) => void listeners.push(listener),
      close: async () => undefined,
    };
    const allow = (spoke: string, room: number) => {
      rooms.set(spoke, room);
      for (const listener of listeners) listener(spoke);
    };
    return { self, under, allow, rooms, unused: () => unused };
  }

  it('starts what the narrowest gives, and goes on when there is room', async () => {
    const { deliver, under } = manual();
    const [a, b] = [gate(), gate()];
    a.rooms.set('erp', 5);
    b.rooms.set('erp', 0);
    const { dispatcher, accept } = set({ deliver, gates: [a.self, b.self] });
    dispatcher.offer(await accept('erp', 8));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(under.size).toBe(0);
    b.allow('erp', 3);
    await expect.poll(() => under.size, SOON).toBe(3);
    b.allow('erp', 7);
    await expect.poll(() => under.size, SOON).toBe(5);
    expect([a.under.get('erp'), b.under.get('erp')]).toEqual([5, 5]);
  });

  it('keeps the books of the gates: what was not claimed, named the wrong spoke, or was asked twice', async () => {
    const one = gate();
    const { dispatcher, accept, finished } = set({ gates: [one.self], spokes: { erp: {}, crm: {} } });
    const entries = await accept('erp', 5);
    const wrong = entries.map(({ deliveryId }) => ({ spoke: 'crm', deliveryId }));
    dispatcher.offer([...wrong, ...entries, ...Array.from({ length: 3 }, (_, n) => ({ spoke: 'erp', deliveryId: `gone-${n}` }))]);
    await expect.poll(() => finished.length, SOON).toBe(5);
    await expect.poll(() => [...one.under.values()], SOON).toEqual([0, 0]);
    expect(one.unused()).toBe(8);
  });

  it('starts what was offered while a probe was being claimed, also when the probe hangs', async () => {
    const hold = Promise.withResolvers<void>();
    const { deliver, of } = manual();
    const { dispatcher, accept } = set({
      spokes: { erp: {}, crm: {} },
      deliver,
      store: (real) => ({
        claim: async (ids, owner, leaseMs) => {
          const claimed = await real.claim(ids, owner, leaseMs);
          if (claimed.some(({ spoke }) => spoke === 'erp')) await hold.promise;
          return claimed;
        },
      }),
    });
    const [probe] = await accept('erp', 1);
    const probed = dispatcher.probe('erp', probe?.deliveryId ?? '');
    dispatcher.offer(await accept('crm', 1));
    await new Promise((resolve) => setTimeout(resolve, 30));
    hold.resolve();
    expect(await probed).toBe(true);
    await vi.waitFor(() => expect(of('crm')).toHaveLength(1), SOON);
  });

  it('sends a probe whatever the gates say, once', async () => {
    const shut = gate();
    shut.rooms.set('erp', 0);
    const { dispatcher, accept, finished } = set({ gates: [shut.self], spokes: { erp: { concurrency: 1 } } });
    const [entry] = await accept('erp', 1);
    dispatcher.offer(entry === undefined ? [] : [entry]);
    expect(await dispatcher.probe('erp', entry?.deliveryId ?? '')).toBe(true);
    expect(await dispatcher.probe('erp', entry?.deliveryId ?? '')).toBe(false);
    await expect.poll(() => finished.length, SOON).toBe(1);
    expect(shut.under.get('erp')).toBe(0);
  });

  it('remembers at most a thousand ids of a spoke without room, drops them when they get old, and finds all of them again', async () => {
    const shut = gate();
    shut.rooms.set('dead', 0);
    const { dispatcher, accept, finished } = set({ gates: [shut.self], spokes: { dead: { concurrency: 50 }, erp: {} } });
    const waiting = await accept('dead', 3_000);
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < 100_000; n += 1_000)
      dispatcher.offer(Array.from({ length: 1_000 }, (_, i) => ({ spoke: 'dead', deliveryId: `d${n + i}` })));
    dispatcher.offer(waiting);
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
    dispatcher.offer(await accept('erp', 100));
    await expect.poll(() => finished.length, SOON).toBe(100);
    shut.allow('dead', 50);
    await expect.poll(() => finished.length, { timeout: 30_000, interval: 10 }).toBe(3_100);
  });
});

describe('isolation in the dispatcher', () => {
  it('keeps slots for quick spokes however many others hang, and lets a new one show that it is quick', async () => {
    const { deliver, under } = manual();
    const hanging = Array.from({ length: 30 }, (_, n) => `h${n}`);
    const { dispatcher, accept, finished } = set({
      ...{ spokes: Object.fromEntries([...hanging, 'erp', 'late'].map((name) => [name, { concurrency: 10 }])), concurrency: 40 },
      deliver: (delivery, signal) => (delivery.spoke.startsWith('h') ? deliver(delivery, signal) : Promise.resolve(buildRecord(delivery))),
    });
    dispatcher.offer(await accept('erp', 5));
    await expect.poll(() => finished.length, SOON).toBe(5);
    for (const name of hanging.slice(0, 6)) dispatcher.offer(await accept(name, 50));
    await expect.poll(() => under.size, SOON).toBeGreaterThanOrEqual(30);
    dispatcher.offer(await accept('erp', 100));
    dispatcher.offer(await accept('late', 100));
    await expect.poll(() => finished.length, SOON).toBe(205);
    expect(under.size).toBeLessThanOrEqual(35);
    for (const name of hanging.slice(6)) dispatcher.offer(await accept(name, 50));
    dispatcher.offer(await accept('erp', 100));
    await expect.poll(() => finished.length, SOON).toBe(305);
  });
});

describe('leases in the dispatcher', () => {
  it('breaks off what another worker has, and does not record it', async () => {
    const broken: string[] = [];
    const { dispatcher, accept, finished, states } = set({
      leaseMs: 90,
      store: () => ({ renew: async () => [] }),
      deliver: (delivery, _signal, lease) =>
        new Promise((resolve) => {
          lease?.onLost?.(() => {
            broken.push(delivery.id);
            resolve(buildRecord(delivery));
          });
        }),
    });
    dispatcher.offer(await accept('erp', 1));
    await expect.poll(() => broken.length, SOON).toBe(1);
    await expect.poll(() => dispatcher.active(), SOON).toBe(0);
    expect([finished, states()]).toEqual([[], ['active']]);
  });

  it('holds while it is renewed, and no longer than it lasts', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
    let renews = true;
    const seen: boolean[] = [];
    const taken = Promise.withResolvers<void>();
    const { dispatcher, accept } = set({
      leaseMs: 120,
      store: () => ({ renew: async (leases) => (renews ? leases.map(({ id }) => id) : Promise.reject(new Error('away'))) }),
      deliver: async (delivery, _signal, lease) => {
        const look = () => seen.push(lease?.holds() ?? false);
        taken.resolve();
        look();
        await new Promise((resolve) => setTimeout(resolve, 300));
        look();
        renews = false;
        await new Promise((resolve) => setTimeout(resolve, 250));
        look();
        return buildRecord(delivery);
      },
    });
    dispatcher.offer(await accept('erp', 1));
    await taken.promise;
    await vi.advanceTimersByTimeAsync(550);
    expect(seen).toEqual([true, true, false]);
  });
});

describe('a stop', () => {
  it('takes nothing new, waits for what is under way and for its record', async () => {
    const { deliver, under } = manual();
    const { dispatcher, accept, finished, states } = set({ deliver });
    dispatcher.offer(await accept('erp', 2));
    await expect.poll(() => under.size, SOON).toBe(2);
    let stopped = false;
    const stopping = dispatcher.stop(10_000).then(() => {
      stopped = true;
    });
    dispatcher.offer(await accept('erp', 3));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stopped).toBe(false);
    for (const { done } of under.values()) done();
    await stopping;
    expect(finished).toHaveLength(2);
    expect(states().sort()).toEqual(['pending', 'pending', 'pending', 'succeeded', 'succeeded']);
  });

  it('aborts what takes longer than its patience, and returns it to pending', async () => {
    const { deliver, under } = manual();
    const { dispatcher, accept, states } = set({ deliver });
    dispatcher.offer(await accept('erp', 2));
    await expect.poll(() => under.size, SOON).toBe(2);
    await dispatcher.stop(10);
    expect(states()).toEqual(['pending', 'pending']);
    expect(dispatcher.active()).toBe(0);
  });

  it('does not wait for ever for a database that is away', async () => {
    const { deliver, under } = manual();
    const { dispatcher, accept, real } = set({ deliver });
    dispatcher.offer(await accept('erp', 1));
    await expect.poll(() => under.size, SOON).toBe(1);
    real.setDown(true);
    await dispatcher.stop(10);
    expect(dispatcher.active()).toBe(0);
  });

  it('leaves no timer behind', async () => {
    const cleared = vi.spyOn(globalThis, 'clearInterval');
    const { dispatcher } = set();
    await dispatcher.stop(1_000);
    expect(cleared).toHaveBeenCalled();
    cleared.mockRestore();
  });
});
