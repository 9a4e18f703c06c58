import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LookupAnswer, type LookupDecisionInput, nextLookupStep } from './lookup-step.ts';
import { LOOKUP_SETTLE_MS } from './next-step.ts';
import type { Outcome } from './outcome.ts';
import { RETRY_AFTER_MAX_MS } from './retry-policy.ts';

const POLICY = { attempts: 3, baseMs: 10_000, maxMs: 60_000, factor: 2, jitter: false };
const OUTCOME: Outcome = { kind: 'ok', status: 200, detail: '', sent: true };

function decide(changes: Partial<LookupDecisionInput>) {
  return nextLookupStep({
    ...{ answer: 'done', outcome: OUTCOME, sends: 1, lookups: 1, policy: POLICY, lookupPolicy: POLICY, random: 0.5 },
    ...changes,
  });
}

describe('nextLookupStep', () => {
  it('is done when the system has it, however often it was sent', () => {
    for (const sends of [0, 1, 3, 100]) expect(decide({ answer: 'done', sends, lookups: sends })).toEqual({ state: 'succeeded' });
  });

  it('waits as the policy wants before it asks once more, and sends at once what is still not done', () => {
    expect(decide({ answer: 'notDone' })).toEqual({ state: 'unknown', delayMs: 10_000, reason: 'lookup.notDone' });
    expect(decide({ answer: 'notDone', sends: 2 })).toEqual({ state: 'unknown', delayMs: 20_000, reason: 'lookup.notDone' });
    expect(decide({ answer: 'notDone', lookups: 2 })).toEqual({ state: 'pending', delayMs: 0, reason: 'lookup.notDone' });
    const quick = { ...POLICY, baseMs: 100 };
    expect(decide({ answer: 'notDone', policy: quick })).toEqual({ state: 'pending', delayMs: 0, reason: 'lookup.notDone' });
  });

  it('is dead when it is not done and the attempts are used up: nothing happened', () => {
    expect(decide({ answer: 'notDone', sends: 3 })).toEqual({ state: 'dead', reason: 'retries.exhausted' });
  });

  it('asks again while nobody answers, then leaves it to a person', () => {
    expect(decide({ answer: 'unsure' })).toEqual({ state: 'unknown', delayMs: 10_000, reason: 'unanswered' });
    expect(decide({ answer: 'unsure', lookups: 2 })).toEqual({ state: 'unknown', delayMs: 20_000, reason: 'unanswered' });
    expect(decide({ answer: 'unsure', lookups: 3 })).toEqual({ state: 'unknown', delayMs: null, reason: 'lookup.failed' });
  });

  it('asks no sooner than it is told to, and never at once', () => {
    expect(decide({ answer: 'unsure', outcome: { ...OUTCOME, retryAfterMs: 3_600_000 } })).toMatchObject({ delayMs: 3_600_000 });
    expect(decide({ answer: 'unsure', lookupPolicy: { ...POLICY, baseMs: 0 } })).toMatchObject({ delayMs: LOOKUP_SETTLE_MS });
  });

  it('never sends again what is done or not known, and always comes to an end', () => {
    const policy = fc.record({
      attempts: fc.integer({ min: 1, max: 20 }),
      baseMs: fc.nat(10_000_000),
      maxMs: fc.nat(100_000_000),
      factor: fc.double({ min: 1, max: 100, noNaN: true }),
      jitter: fc.boolean(),
    });
    const answers = fc.array(fc.constantFrom<LookupAnswer>('done', 'notDone', 'unsure'), { maxLength: 200 });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const retryAfterMs = fc.option(fc.double(), { nil: undefined });
    fc.assert(
      fc.property(policy, policy, answers, random, retryAfterMs, (sending, asking, script, chance, told) => {
        let [sends, lookups, asked] = [1, 0, 0];
        for (const answer of script) {
          lookups += 1;
          asked += 1;
          const outcome = { ...OUTCOME, retryAfterMs: told };
          const step = nextLookupStep({ answer, outcome, sends, lookups, policy: sending, lookupPolicy: asking, random: chance });
          if (step.state === 'pending') expect(answer).toBe('notDone');
          if (step.state === 'dead') expect(answer).toBe('notDone');
          if (step.state === 'succeeded') expect(answer).toBe('done');
          if (step.state === 'unknown' && step.delayMs !== null) {
            expect(step.delayMs >= LOOKUP_SETTLE_MS).toBe(true);
            expect(step.delayMs).toBeLessThanOrEqual(Math.max(LOOKUP_SETTLE_MS, sending.maxMs, asking.maxMs, RETRY_AFTER_MAX_MS));
          }
          if (step.state === 'pending') [sends, lookups] = [sends + 1, 0];
          else if (step.state !== 'unknown' || step.delayMs === null) break;
        }
        expect(sends).toBeLessThanOrEqual(sending.attempts);
        expect(asked).toBeLessThanOrEqual(sending.attempts * (asking.attempts + 1));
      }),
      { numRuns: 1_000 },
    );
  });
});
