import { DEFAULT_POLICY, type FlowReading, nextFlow, ORDINARY_FLOW, type ProbeResult, type SpokeFlow, type SpokePolicy } from '@nave/core';
import { recordingBell, recordingLogger } from '@nave/testkit';
import { describe, expect, it } from 'vitest';
import { createGovernor } from './governor.ts';

const BROKEN: SpokeFlow = { ...ORDINARY_FLOW, breaker: 'open', failures: 5, openedAtMs: 0, probeAtMs: 1_000 };

function set({
  waiting = 0,
  concurrency = 4,
  operations = {},
  probe = async (): Promise<ProbeResult> => 'answered',
}: {
  waiting?: number;
  concurrency?: number;
  operations?: SpokePolicy['operations'];
  probe?: () => Promise<ProbeResult>;
} = {}) {
  const flows = new Map<string, SpokeFlow>();
  const shut = new Set<string>();
  const kept = Array.from({ length: waiting }, (_, n) => `k${n}`);
  const bell = recordingBell();
  const probed: string[] = [];
  const patience: number[] = [];
  const failing = new Set<string>();
  let now = 0;
  let candidates = [
    { id: 'charge', operation: 'charge' },
    { id: 'find', operation: 'find' },
  ];
  let room = Number.POSITIVE_INFINITY;
  let relabelled = 0;
  const governor = createGovernor({
    store: {
      undrained: async () =>
        kept.length > 0 && !flows.get('erp')?.drain && flows.get('erp')?.breaker !== 'open' && !shut.has('erp') ? ['erp'] : [],
      release: async (spoke, limit) => {
        if (failing.has(spoke)) throw new Error('no statement goes through');
        const ids = kept.splice(0, Math.min(limit, room));
        room -= ids.length;
        return { ids, left: kept.length > 0 };
      },
      relabel: async (_spoke, limit) => {
        relabelled += Math.min(limit, kept.length);
        return Math.min(limit, kept.length);
      },
      probeCandidates: async () => candidates,
      makeDue: async () => true,
      tidy: async () => undefined,
    },
    read: async (): Promise<FlowReading> => ({ nowMs: now, flows: new Map(flows), shut: new Set(shut) }),
    change: async (events) =>
      events.map(([spoke, event]) => {
        const before = flows.get(spoke) ?? ORDINARY_FLOW;
        const after = nextFlow(before, event, now);
        flows.set(spoke, after);
        return { spoke, before, after };
      }),
    policyOf: () => ({ ...DEFAULT_POLICY, concurrency, operations, breaker: { failures: 5, cooldownMs: 1_000 } }),
    repeatable: (_spoke, operation) => operation !== 'charge',
    probe: (_spoke, id, patienceMs) => {
      probed.push(id);
      patience.push(patienceMs);
      return probe();
    },
    ...{ bell, logger: recordingLogger() },
  });
  return {
    ...{ flows, shut, bell, probed, patience, failing, kept, governor },
    setCandidates: (list: typeof candidates) => {
      candidates = list;
    },
    setRoom: (n: number) => {
      room = n;
    },
    relabelled: () => relabelled,
    /** Turns of 250 ms; answers how many were let go in each second. */
    async run(seconds: number): Promise<number[]> {
      const perSecond: number[] = [];
      for (let second = 0; second < seconds; second++) {
        const before = bell.rung.length;
        for (let n = 0; n < 4; n++) {
          await governor.turn();
          now += 250;
        }
        perSecond.push(bell.rung.length - before);
      }
      return perSecond;
    },
  };
}

describe('a probe', () => {
  it('goes out when the cooldown has passed, one at a time, by an operation that may be repeated', async () => {
    let answer: (result: ProbeResult) => void = () => undefined;
    const all = set({ probe: () => new Promise((resolve) => (answer = resolve)) });
    all.flows.set('erp', BROKEN);
    await all.run(1);
    expect(all.probed).toEqual([]);
    await all.run(3);
    expect(all.probed).toEqual(['find']);
    expect(all.flows.get('erp')?.breaker).toBe('half-open');
    answer('failed');
    await all.run(1);
    expect(all.flows.get('erp')?.breaker).toBe('open');
    await all.run(2);
    answer('answered');
    await all.run(1);
    expect(all.flows.get('erp')).toMatchObject({ breaker: 'closed' });
  });

  it('is another one when the first could not be sent', async () => {
    const results: ProbeResult[] = ['none', 'answered'];
    const all = set({ probe: async () => results.shift() ?? 'answered' });
    all.flows.set('erp', BROKEN);
    await all.run(5);
    expect(all.probed).toEqual(['find', 'charge']);
    expect(all.flows.get('erp')?.breaker).toBe('closed');
  });

  it('is waited for as long as its own operation may take', async () => {
    const all = set({ operations: { find: { timeoutMs: 300_000, retry: null } } });
    all.flows.set('erp', BROKEN);
    await all.run(3);
    expect(all.patience[0]).toBeGreaterThan(300_000);
  });

  it('waits for something to send, and for a pause to end', async () => {
    const all = set();
    all.setCandidates([]);
    all.flows.set('erp', BROKEN);
    await all.run(4);
    expect([all.probed, all.flows.get('erp')?.breaker]).toEqual([[], 'open']);
    all.setCandidates([{ id: 'one', operation: 'find' }]);
    all.shut.add('erp');
    await all.run(2);
    expect(all.probed).toEqual([]);
    all.shut.clear();
    await all.run(1);
    expect(all.probed).toEqual(['one']);
  });
});

describe('a drain', () => {
  it('starts small, doubles, and ends when nothing is left', async () => {
    const all = set({ waiting: 200 });
    all.flows.set('erp', { ...ORDINARY_FLOW, drain: { startedAtMs: 0, rate: null } });
    const perSecond = await all.run(7);
    expect(perSecond.reduce((sum, n) => sum + n, 0)).toBe(200);
    expect(perSecond[0]).toBeLessThanOrEqual(10);
    for (const [n, count] of perSecond.slice(1, 4).entries()) {
      expect(count).toBeGreaterThan(1.5 * (perSecond[n] ?? 0) - 2);
      expect(count).toBeLessThan(2.5 * (perSecond[n] ?? 0) + 2);
    }
    expect(all.flows.get('erp')?.drain).toBeNull();
    expect(all.bell.rung.map(({ deliveryId }) => deliveryId)).toEqual(Array.from({ length: 200 }, (_, n) => `k${n}`));
    expect(all.relabelled()).toBeGreaterThan(0);
  });

  it('goes on although that of another spoke fails', async () => {
    const all = set({ waiting: 3 });
    for (const spoke of ['broken', 'erp']) all.flows.set(spoke, { ...ORDINARY_FLOW, drain: { startedAtMs: 0, rate: null } });
    all.failing.add('broken');
    await all.run(1);
    expect(all.kept).toEqual([]);
  });

  it('keeps to its rate', async () => {
    const all = set({ waiting: 100 });
    all.flows.set('erp', { ...ORDINARY_FLOW, drain: { startedAtMs: 0, rate: 5 } });
    const [first = 0, ...later] = await all.run(8);
    expect(first).toBeLessThanOrEqual(9);
    expect(later.every((count) => count <= 6)).toBe(true);
  });

  it('does not catch up on what it could not let go while too much was on its way', async () => {
    const all = set({ waiting: 1_000 });
    all.flows.set('erp', { ...ORDINARY_FLOW, drain: { startedAtMs: 0, rate: 20 } });
    all.setRoom(0);
    await all.run(5);
    all.setRoom(Number.POSITIVE_INFINITY);
    const [next = 0] = await all.run(1);
    expect(next).toBeLessThanOrEqual(21);
  });

  it('is stood still by a pause and begun for what nobody drains', async () => {
    const all = set({ waiting: 50 });
    all.flows.set('erp', { ...ORDINARY_FLOW, drain: { startedAtMs: 0, rate: 10 } });
    all.shut.add('erp');
    expect(await all.run(2)).toEqual([0, 0]);
    all.flows.delete('erp');
    all.shut.clear();
    await all.run(2);
    expect(all.flows.get('erp')?.drain).toMatchObject({ rate: null });
    expect(all.kept.length).toBeLessThan(50);
  });
});
