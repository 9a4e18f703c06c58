import type { Queue } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { queueRow, troublesOf } from './queue-attention.ts';
import { nextSort, sortedRows, sortOf } from './queue-sort.ts';

const NOW = Date.parse('2026-11-21T14:00:00Z');

function queue(
  changes: Omit<Partial<Queue>, 'depth' | 'flow'> & { depth?: Partial<Queue['depth']>; flow?: Partial<Queue['flow']> } = {},
): Queue {
  return {
    ...{
      spoke: 'erp',
      oldestSeconds: 0,
      ratePerSecond: 0,
      latencyMs: { p50: null, p95: null, p99: null },
      paused: false,
      breaker: 'closed',
    },
    ...changes,
    depth: { pending: 0, active: 0, retrying: 0, held: 0, unknown: 0, dead: 0, ...changes.depth },
    flow: { openedAt: null, probeAt: null, throttledUntil: null, draining: null, retryBudgetExhaustedAt: null, ...changes.flow },
  };
}

const rowOf = (each: Queue) => queueRow(each, undefined, NOW);
const names = (queues: readonly Queue[], sort: string | undefined) =>
  sortedRows(queues.map(rowOf), sortOf(sort)).map((row) => row.queue.spoke);

describe('what is the matter with a queue', () => {
  it('finds nothing in the ordinary state', () => {
    expect(troublesOf(queue({ depth: { pending: 3, active: 2, retrying: 1 }, oldestSeconds: 5 }), NOW)).toEqual([]);
  });

  it('names all that holds, the most urgent first', () => {
    const all = queue({ breaker: 'open', depth: { dead: 1, unknown: 1, held: 4 }, paused: true });
    expect(troublesOf(all, NOW)).toEqual(['open', 'unknown', 'dead', 'paused']);
  });

  it('knows patience and budgets only while they last', () => {
    const until = (at: string) => troublesOf(queue({ flow: { throttledUntil: at } }), NOW);
    expect(until('2026-11-21T14:00:01Z')).toEqual(['throttled']);
    expect(until('2026-11-21T13:59:59Z')).toEqual([]);
    const exhausted = (at: string) => troublesOf(queue({ flow: { retryBudgetExhaustedAt: at } }), NOW);
    expect(exhausted('2026-11-21T13:59:00Z')).toEqual(['budget']);
    expect(exhausted('2026-11-21T13:00:00Z')).toEqual([]);
  });

  it('does not call held what a pause or a drain explains', () => {
    expect(troublesOf(queue({ depth: { held: 5 } }), NOW)).toEqual(['held']);
    expect(troublesOf(queue({ depth: { held: 5 }, paused: true }), NOW)).toEqual(['paused']);
    expect(troublesOf(queue({ depth: { held: 5 }, flow: { draining: { since: '', rate: null, left: 5 } } }), NOW)).toEqual([]);
  });
});

describe('the order of queues', () => {
  const queues = [
    queue({ spoke: 'calm-b', ratePerSecond: 3 }),
    queue({ spoke: 'calm-a', ratePerSecond: 9, depth: { pending: 7 } }),
    queue({ spoke: 'paused', paused: true }),
    queue({ spoke: 'dead', depth: { dead: 1 } }),
    queue({ spoke: 'open-short', breaker: 'open', depth: { held: 2 } }),
    queue({ spoke: 'open-long', breaker: 'open', depth: { held: 200 }, latencyMs: { p50: 4, p95: 5, p99: 6 } }),
  ];

  it('begins with what needs a person, and ends with calm ones by name whatever passes through them', () => {
    expect(names(queues, undefined)).toEqual(['open-long', 'open-short', 'dead', 'paused', 'calm-a', 'calm-b']);
  });

  it('follows a column either way, missing figures last', () => {
    expect(names(queues, '-rate').slice(0, 2)).toEqual(['calm-a', 'calm-b']);
    expect(names(queues, 'p95')[0]).toBe('open-long');
    expect(names(queues, '-p95')[0]).toBe('open-long');
    expect(names(queues, 'spoke')[0]).toBe('calm-a');
  });

  it('turns round on the second click and forgets on the third', () => {
    const clicks = (by: string) => {
      const first = nextSort(null, by);
      const second = nextSort(sortOf(first), by);
      return [first, second, nextSort(sortOf(second), by)];
    };
    expect(clicks('oldest')).toEqual(['-oldest', 'oldest', undefined]);
    expect(clicks('spoke')).toEqual(['spoke', '-spoke', undefined]);
    expect(nextSort(sortOf('-oldest'), 'rate')).toBe('-rate');
    expect(sortOf('toString')).toBeNull();
  });
});
