import { DEFAULT_POLICY, type FlowChange, type FlowEvent, nextFlow, ORDINARY_FLOW, type SpokeFlow } from '@nave/core';
import { recordingLogger } from '@nave/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFailureCount } from './failure-count.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const POLICY = { ...DEFAULT_POLICY, breaker: { failures: 3, cooldownMs: 1_000 } };

/** Writes end when the test says so. */
function set(known: (spoke: string) => boolean = () => true) {
  const flows = new Map<string, SpokeFlow>();
  const flowOf = (spoke: string) => flows.get(spoke) ?? ORDINARY_FLOW;
  const writes: { events: readonly (readonly [string, FlowEvent])[]; end: (error?: Error) => void }[] = [];
  const written: string[] = [];
  const count = createFailureCount({
    logger: recordingLogger(),
    policyOf: (spoke) => (known(spoke) ? POLICY : null),
    onWritten: (spokes) => written.push(...spokes),
    state: {
      flowOf,
      change: (events) =>
        new Promise<FlowChange[]>((resolve, reject) => {
          const end = (error?: Error) => {
            if (error !== undefined) {
              reject(error);
              return;
            }
            for (const [spoke, event] of events) flows.set(spoke, nextFlow(flowOf(spoke), event, Date.now()));
            resolve([]);
          };
          writes.push({ events, end });
        }),
    },
  });
  const fail = (spoke: string, times = 1) => {
    for (let n = 0; n < times; n++) count.observe(spoke, 'down');
  };
  const endAll = async (error?: Error) => {
    while (writes.length > 0) {
      writes.shift()?.end(error);
      await vi.advanceTimersByTimeAsync(60);
    }
  };
  return { count, fail, flowOf, writes, written, endAll };
}

describe('the count of failures', () => {
  it('keeps a spoke back from the failure that opens its breaker until that is written', async () => {
    const { count, fail, flowOf, writes, written, endAll } = set();
    fail('erp', 2);
    expect(count.isFull('erp')).toBe(false);
    fail('erp');
    expect([count.isFull('erp'), writes.length]).toEqual([true, 1]);
    await endAll();
    expect([count.isFull('erp'), flowOf('erp').breaker, written]).toEqual([false, 'open', ['erp']]);
  });

  it('lets a spoke go on when its failures could not be written', async () => {
    const { count, fail, written, endAll } = set();
    fail('erp', 3);
    await endAll(new Error('away'));
    expect([count.isFull('erp'), written]).toEqual([false, ['erp']]);
  });

  it('opens the breaker also when another spoke is being written and a success comes late: that one began before', async () => {
    const { count, fail, flowOf, written, endAll } = set();
    fail('crm', 3);
    fail('erp', 3);
    count.observe('erp', 'up');
    expect(count.isFull('erp')).toBe(true);
    await endAll();
    expect([flowOf('crm').breaker, flowOf('erp').breaker]).toEqual(['open', 'open']);
    expect(['crm', 'erp'].map(count.isFull)).toEqual([false, false]);
    expect(new Set(written)).toEqual(new Set(['crm', 'erp']));
  });

  it('keeps a spoke back for failures that come while earlier ones are being written', async () => {
    const { count, fail, flowOf, writes, endAll } = set();
    fail('erp');
    await vi.advanceTimersByTimeAsync(60);
    expect(writes).toHaveLength(1);
    fail('erp', 2);
    expect(count.isFull('erp')).toBe(true);
    writes.shift()?.end();
    await vi.advanceTimersByTimeAsync(1);
    expect(count.isFull('erp')).toBe(true);
    await vi.advanceTimersByTimeAsync(60);
    await endAll();
    expect([count.isFull('erp'), flowOf('erp').breaker]).toEqual([false, 'open']);
  });

  it('forgets a spoke that is taken away meanwhile', async () => {
    let there = true;
    const { count, fail, endAll } = set(() => there);
    fail('crm', 3);
    fail('erp', 3);
    there = false;
    await endAll();
    await vi.advanceTimersByTimeAsync(60);
    await endAll();
    expect(['crm', 'erp'].map(count.isFull)).toEqual([false, false]);
  });

  it('costs nothing while a spoke answers', async () => {
    const { count, writes } = set();
    for (let n = 0; n < 100; n++) count.observe('erp', 'up');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(writes).toEqual([]);
  });
});
