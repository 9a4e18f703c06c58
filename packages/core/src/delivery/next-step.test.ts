import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecisionInput, LOOKUP_SETTLE_MS, nextStep } from './next-step.ts';
import { type Idempotency, OUTCOME_KINDS, type Outcome, type OutcomeKind } from './outcome.ts';
import { RETRY_AFTER_MAX_MS } from './retry-policy.ts';

const POLICY = { attempts: 3, baseMs: 1_000, maxMs: 10_000, factor: 2, jitter: false };

function outcome(kind: OutcomeKind, changes: Partial<Outcome> = {}): Outcome {
  return { kind, status: kind === 'ok' ? 200 : null, detail: '', sent: true, ...changes };
}

function decide(changes: Partial<DecisionInput> & { outcome: Outcome }) {
  return nextStep({ policy: POLICY, attempt: 1, idempotent: 'key', random: 0.5, ...changes });
}

const dead = (reason: string) => ({ state: 'dead', reason });
const unknown = { state: 'unknown', delayMs: null, reason: 'unanswered' };
const retry = (reason: string, delayMs = 1_000) => ({ state: 'retrying', delayMs, reason });

describe('nextStep', () => {
  // Every outcome, answered and not, for operations that may be repeated and that may not.
  it.each<[OutcomeKind, Partial<Outcome>, object, object]>([
    ['ok', { status: 204 }, { state: 'succeeded' }, { state: 'succeeded' }],
    ['rejected', { status: 404 }, dead('rejected'), dead('rejected')],
    ['rejected', { sent: false }, dead('rejected'), dead('rejected')],
    ['invalid', { status: 200 }, dead('invalid'), dead('invalid')],
    ['invalid', { sent: false }, dead('invalid'), dead('invalid')],
    ['throttled', { status: 429 }, retry('throttled'), retry('throttled')],
    ['fault', { status: 500 }, retry('fault'), retry('fault')],
    ['fault', { sent: true }, retry('fault'), unknown],
    ['fault', { sent: false }, retry('fault'), retry('fault')],
    ['timeout', { sent: true }, retry('timeout'), unknown],
    ['timeout', { sent: false }, retry('timeout'), retry('timeout')],
    ['unreachable', { sent: true }, retry('unreachable'), unknown],
    ['unreachable', { sent: false }, retry('unreachable'), retry('unreachable')],
    ['throttled', { sent: true }, retry('throttled'), unknown],
    ['unknown', {}, unknown, unknown],
  ])('%s %j', (kind, changes, repeatable, never) => {
    const given = outcome(kind, changes);
    expect(decide({ outcome: given, idempotent: 'key' })).toEqual(repeatable);
    expect(decide({ outcome: given, idempotent: 'always' })).toEqual(repeatable);
    expect(decide({ outcome: given, idempotent: 'never' })).toEqual(never);
  });

  it('waits a moment and asks where an operation can tell what became of it', () => {
    const asked = { state: 'unknown', delayMs: LOOKUP_SETTLE_MS, reason: 'unanswered' };
    expect(decide({ outcome: outcome('timeout'), idempotent: 'never', lookup: true })).toEqual(asked);
    expect(decide({ outcome: outcome('timeout'), idempotent: 'never', lookup: true, attempt: 9 })).toEqual(asked);
    expect(decide({ outcome: outcome('timeout', { sent: false }), idempotent: 'never', lookup: true })).toEqual(retry('timeout'));
    expect(decide({ outcome: outcome('timeout'), idempotent: 'key', lookup: true })).toEqual(retry('timeout'));
  });

  // What may have reached the system is never sent again; what did not, or was turned away because of load, is.
  it.each<[OutcomeKind, Partial<Outcome>, object]>([
    ['ok', { status: 200 }, { state: 'succeeded' }],
    ['rejected', { status: 404 }, dead('rejected')],
    ['invalid', { status: 200 }, dead('invalid')],
    ['throttled', { status: 429 }, retry('throttled')],
    ['fault', { status: 500 }, dead('at-most-once')],
    ['fault', { sent: true }, dead('at-most-once')],
    ['fault', { sent: false }, retry('fault')],
    ['timeout', { sent: true }, dead('at-most-once')],
    ['timeout', { sent: false }, retry('timeout')],
    ['unreachable', { sent: true }, dead('at-most-once')],
    ['unreachable', { sent: false }, retry('unreachable')],
    ['throttled', { sent: true }, dead('at-most-once')],
    ['unknown', {}, dead('at-most-once')],
  ])('sends at most once: %s %j', (kind, changes, expected) => {
    for (const idempotent of ['always', 'key', 'never'] as const) {
      for (const lookup of [false, true])
        expect(decide({ outcome: outcome(kind, changes), idempotent, lookup, atMostOnce: true })).toEqual(expected);
    }
    expect(decide({ outcome: outcome('rejected', { status: 409 }), retryOn: [409], atMostOnce: true })).toEqual(dead('at-most-once'));
  });

  it('is dead when the attempts are used up, and only then', () => {
    expect(decide({ outcome: outcome('fault'), attempt: 2 })).toEqual(retry('fault', 2_000));
    expect(decide({ outcome: outcome('fault'), attempt: 3 })).toEqual(dead('retries.exhausted'));
    expect(decide({ outcome: outcome('fault'), attempt: 4 })).toEqual(dead('retries.exhausted'));
  });

  it('retries a status of retryOn and refuses one of rejectOn, refusal first', () => {
    expect(decide({ outcome: outcome('rejected', { status: 409 }), retryOn: [409] })).toEqual(retry('rejected'));
    expect(decide({ outcome: outcome('fault', { status: 501 }), rejectOn: [501] })).toEqual(dead('rejected'));
    expect(decide({ outcome: outcome('fault', { status: 501 }), retryOn: [501], rejectOn: [501] })).toEqual(dead('rejected'));
    expect(decide({ outcome: outcome('invalid', { status: 200 }), retryOn: [200] })).toEqual(retry('invalid'));
    expect(decide({ outcome: outcome('rejected', { status: 409 }), retryOn: [409], attempt: 3 })).toEqual(dead('retries.exhausted'));
    expect(decide({ outcome: outcome('ok', { status: 200 }), rejectOn: [200] })).toEqual({ state: 'succeeded' });
  });

  it('waits as long as it was told, up to a day, and never shorter than its own backoff', () => {
    const told = (retryAfterMs: number) => decide({ outcome: outcome('throttled', { status: 429, retryAfterMs }) });
    expect(told(60_000)).toEqual(retry('throttled', 60_000));
    expect(told(10)).toEqual(retry('throttled', 1_000));
    expect(told(-5)).toEqual(retry('throttled', 1_000));
    expect(told(Number.NaN)).toEqual(retry('throttled', 1_000));
    expect(told(Number.POSITIVE_INFINITY)).toEqual(retry('throttled', RETRY_AFTER_MAX_MS));
    expect(told(3 * RETRY_AFTER_MAX_MS)).toEqual(retry('throttled', RETRY_AFTER_MAX_MS));
  });

  it('never waits a negative, endless or broken time, and never sends an unanswered never again', () => {
    const inputs = fc.record({
      outcome: fc.record({
        kind: fc.constantFrom(...OUTCOME_KINDS),
        status: fc.option(fc.integer({ min: 100, max: 599 })),
        detail: fc.string(),
        sent: fc.boolean(),
        retryAfterMs: fc.option(fc.double(), { nil: undefined }),
      }),
      policy: fc.record({
        attempts: fc.integer({ min: 1, max: 2_000 }),
        baseMs: fc.nat(10_000_000),
        maxMs: fc.nat(100_000_000),
        factor: fc.double({ min: 1, max: 100, noNaN: true }),
        jitter: fc.boolean(),
      }),
      attempt: fc.integer({ min: 1, max: 2_000 }),
      idempotent: fc.constantFrom<Idempotency>('always', 'key', 'never'),
      lookup: fc.boolean(),
      atMostOnce: fc.boolean(),
      retryOn: fc.array(fc.integer({ min: 100, max: 599 })),
      rejectOn: fc.array(fc.integer({ min: 100, max: 599 })),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(inputs, (input) => {
        const step = nextStep(input);
        if (step.state === 'retrying') {
          expect(Number.isFinite(step.delayMs) && step.delayMs >= 0).toBe(true);
          expect(step.delayMs).toBeLessThanOrEqual(Math.max(input.policy.maxMs, RETRY_AFTER_MAX_MS));
          expect(input.attempt).toBeLessThan(input.policy.attempts);
          expect(input.idempotent === 'never' && input.outcome.sent && input.outcome.status === null).toBe(false);
          const answered = input.outcome.status !== null;
          if (input.atMostOnce) expect(answered ? input.outcome.kind === 'throttled' : !input.outcome.sent).toBe(true);
        }
        if (step.state === 'unknown') {
          expect(step.delayMs).toBe(input.lookup ? LOOKUP_SETTLE_MS : null);
          expect(input.atMostOnce).toBe(false);
        }
        expect(step.state === 'succeeded').toBe(input.outcome.kind === 'ok');
      }),
      { numRuns: 2_000 },
    );
  });
});
