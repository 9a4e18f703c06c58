import type { Delivery } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { createWatcher, type DeliveryFact } from './watcher.ts';

const SUBJECT = { what: 'order O-1001', who: 'Jana', targets: {} };
const AT = '2026-11-21T08:00:00.000Z';

function delivery(state: Delivery['state'], outcomes: string[]): Delivery {
  return {
    ...{
      id: 'd1',
      messageId: 'm1',
      route: 'order-to-invoice',
      routeVersion: 1,
      step: 'invoice',
      spoke: 'erp',
      operation: 'createInvoice',
      state,
    },
    ...{ heldBy: null, blockedBy: null, reason: null, nextAttemptAt: null, createdAt: AT, finishedAt: null, replayOf: null },
    attemptCount: outcomes.length,
    attempts: outcomes.map((outcome, index) => ({ number: index + 1, startedAt: AT, durationMs: 5, outcome, status: null, detail: '' })),
  };
}

function told(...seen: Delivery[]): string[] {
  const facts: string[] = [];
  const watcher = createWatcher(({ state, attempt }: DeliveryFact) => facts.push(`${state} ${attempt}`));
  watcher.about('m1', SUBJECT);
  for (const one of seen) watcher.see(one);
  return facts;
}

describe('a watcher', () => {
  it('tells each fact once, however often it is reported', () => {
    const retrying = delivery('retrying', ['fault']);
    const done = delivery('succeeded', ['fault', 'ok']);
    expect(told(retrying, retrying, done, done)).toEqual(['retrying 1', 'succeeded 2']);
  });

  it('tells the failed attempts it did not hear of', () => {
    expect(told(delivery('succeeded', ['fault', 'timeout', 'ok']))).toEqual(['retrying 1', 'retrying 2', 'succeeded 3']);
  });

  it('tells the last failure of a dead delivery as its death, and its success after a retry', () => {
    expect(told(delivery('dead', ['fault', 'fault']), delivery('succeeded', ['fault', 'fault', 'ok']))).toEqual([
      'retrying 1',
      'dead 2',
      'succeeded 3',
    ]);
  });

  it('does not call the newest failure a retry before it is known to be one', () => {
    expect(told(delivery('active', ['fault']), delivery('dead', ['fault']))).toEqual(['dead 1']);
    expect(told(delivery('active', ['fault']), delivery('retrying', ['fault']))).toEqual(['retrying 1']);
  });

  it('waits with reports that come before it knows what they are about', () => {
    const facts: string[] = [];
    const watcher = createWatcher(({ state }) => facts.push(state));
    watcher.see(delivery('succeeded', ['ok']));
    expect(facts).toEqual([]);
    watcher.about('m1', SUBJECT);
    expect(facts).toEqual(['succeeded']);
  });
});
