import type { Issue, Queue } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { type StoryFacts, storyOf } from './story.ts';

const ISSUE: Issue = {
  ...{ id: '24420042-e01e-22a2-814d-14e8c7ea1367', spoke: 'erp', operation: 'book', state: 'dead', outcome: 'rejected', status: 422 },
  ...{ reason: 'rejected', title: 'rejected 422', detail: 'answered 422', count: 3, messages: 3, routes: [], parkedLanes: 1, waiting: 41 },
  ...{ firstSeen: '2026-11-21T14:02:00.000Z', lastSeen: '2026-11-21T14:05:00.000Z', exact: true },
  sample: { deliveryId: '01a1ff6f-f4f2-75ca-81a4-9cdc84d94996', messageId: '01a1ff6f-f4f2-7633-b8a9-c40b54cc5335' },
};
const QUEUE: Queue = {
  ...{ spoke: 'crm', oldestSeconds: 0, ratePerSecond: 0, latencyMs: { p50: null, p95: null, p99: null }, paused: false, breaker: 'closed' },
  depth: { pending: 0, active: 0, retrying: 0, held: 0, unknown: 0, dead: 0 },
  flow: { openedAt: null, probeAt: null, throttledUntil: null, draining: null, retryBudgetExhaustedAt: null },
};
const NONE = { issues: 0, dead: 0, unknown: 0, parkedLanes: 0, exact: true };
const WELL: StoryFacts = {
  traffic: { received: 1_204, unrouted: 0, succeeded: 1_300, open: 0, exact: true },
  issues: { summary: NONE, groups: [] },
  queues: [QUEUE],
  missing: 0,
};

describe('the sentence over everything', () => {
  it('says that all is well only when all was read and nothing is wrong', () => {
    expect(storyOf(WELL)).toEqual({ kind: 'well', received: 1_204, succeeded: 1_300, open: 0, exact: true });
    expect(storyOf({ ...WELL, issues: null }).kind).toBe('unread');
    expect(storyOf({ ...WELL, queues: null }).kind).toBe('unread');
    expect(storyOf({ ...WELL, traffic: null }).kind).toBe('unread');
  });

  it('tells of the group that failed last, and counts the others', () => {
    const older = { ...ISSUE, id: 'a7143e43-60b9-9a66-a8e7-de53b3b6011b', spoke: 'crm', count: 7, lastSeen: '2026-11-21T13:00:00.000Z' };
    const summary = { ...NONE, dead: 10, unknown: 2 };
    expect(storyOf({ ...WELL, issues: { summary, groups: [older, ISSUE] } })).toEqual({
      ...{ kind: 'dead', group: ISSUE, others: 7, undecided: 2, exact: true },
    });
  });

  it('puts what is missing above all, even before the rest is read', () => {
    expect(storyOf({ ...WELL, issues: null, missing: 2 })).toEqual({ kind: 'missing', missing: 2 });
    expect(storyOf({ ...WELL, missing: -1 }).kind).toBe('missing');
    expect(storyOf({ ...WELL, missing: null }).kind).toBe('well');
  });

  it('tells of unknown outcomes, then of circuits, pauses and what is late, with what waits', () => {
    const undecided: Issue = { ...ISSUE, state: 'unknown' };
    expect(storyOf({ ...WELL, issues: { summary: { ...NONE, unknown: 2 }, groups: [undecided] } })).toMatchObject({ kind: 'undecided' });
    const waiting = { ...QUEUE.depth, held: 4, retrying: 1 };
    const open: Queue = { ...QUEUE, spoke: 'erp', breaker: 'half-open', depth: waiting };
    const paused: Queue = { ...QUEUE, spoke: 'bank', paused: true, depth: waiting };
    const late: Queue = { ...QUEUE, spoke: 'slow', oldestSeconds: 61, depth: { ...QUEUE.depth, pending: 9 } };
    expect(storyOf({ ...WELL, queues: [late, paused, open] })).toEqual({ kind: 'open', spoke: 'erp', waiting: 5, seconds: 0, others: 0 });
    expect(storyOf({ ...WELL, queues: [late, paused, paused] })).toMatchObject({ kind: 'paused', spoke: 'bank', others: 1 });
    expect(storyOf({ ...WELL, queues: [late] })).toMatchObject({ kind: 'late', spoke: 'slow', seconds: 61 });
    expect(storyOf({ ...WELL, queues: [{ ...QUEUE, paused: true }] }).kind).toBe('well');
  });

  it('tells of messages without a route, and of silence', () => {
    const traffic = { received: 10, unrouted: 4, succeeded: 6, open: 0, exact: true };
    expect(storyOf({ ...WELL, traffic })).toEqual({ kind: 'unrouted', unrouted: 4, received: 10 });
    expect(storyOf({ ...WELL, traffic: { received: 0, unrouted: 0, succeeded: 0, open: 0, exact: true } }).kind).toBe('quiet');
  });
});
