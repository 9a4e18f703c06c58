/** What is done with a delivery whose request may have left without an answer: ask the system, or leave it to a person. Nothing is sent here. */
import type { OperationDeclaration } from '@nave/adapter-kit';
import {
  type ClaimedDelivery,
  type DeliveryRecord,
  nextLookupStep,
  type Outcome,
  operationPolicy,
  REASONS,
  type SealKey,
} from '@nave/core';
import { attemptOf, nextDelivery, outputOf, untouched } from './delivery-record.ts';
import type { Lease } from './lease.ts';
import { lookupAnswer } from './lookup-answer.ts';
import type { Prepared } from './prepare-delivery.ts';
import type { Attempts } from './send-attempt.ts';

export interface LookUpDeps {
  attempts: Attempts;
  now: () => number;
  /** A number in [0, 1). */
  random: () => number;
}

/** Answers null when the lease was lost: nothing is to be recorded. */
export async function lookUp(
  deps: LookUpDeps,
  delivery: ClaimedDelivery,
  prepared: Prepared,
  key: SealKey,
  lease: Lease,
  stopping: AbortSignal,
): Promise<DeliveryRecord | null> {
  const startedAtMs = deps.now();
  const noted = (record: Partial<DeliveryRecord>, outcome: Outcome): DeliveryRecord => ({
    ...untouched(delivery),
    ...record,
    lookup: true,
    attempt: attemptOf(delivery, key, outcome, startedAtMs, deps.now()),
  });
  const forPerson = (reason: string, outcome: Outcome) => noted({ state: 'unknown', delayMs: null, reason }, outcome);
  if (!prepared.ok) return forPerson(REASONS.lookupFailed, prepared.outcome);
  const { context, input } = prepared;
  if (context.step.definition.atMostOnce) return noted({ state: 'dead', delayMs: null, reason: REASONS.atMostOnce }, LOST);
  const name = context.operation.lookup;
  if (name === undefined) return forPerson(REASONS.unanswered, LOST);
  const lookup = context.spoke.operation(name);
  if (lookup === null) return forPerson(REASONS.lookupFailed, missing(name));
  const { policy } = context.spoke.definition;
  const asking = operationPolicy(policy, name);
  const outcome = await deps.attempts.send({ ...delivery, operation: name }, asking.timeoutMs, input, lease, stopping);
  if (outcome === null) return null;
  const answer = lookupAnswer(outcome, lookup);
  if (stopping.aborted && answer === 'unsure') return untouched(delivery);
  const step = nextLookupStep({
    ...{ answer, outcome, random: deps.random() },
    sends: delivery.attemptCount - delivery.attemptBase,
    lookups: delivery.lookups + 1,
    policy: operationPolicy(policy, context.operation.name).retry,
    lookupPolicy: asking.retry,
  });
  const { route } = context;
  const told = { ...outcome, detail: `Lookup ${name}: ${WORDS[answer]} (${outcome.detail})` };
  if (step.state !== 'succeeded') return noted({ ...step, delayMs: step.state === 'dead' ? null : step.delayMs }, told);
  const found = { output: outputOf(delivery, key, outcome, route), next: nextDelivery(delivery, route) };
  return noted({ state: 'succeeded', delayMs: null, reason: null, ...found }, told);
}

const WORDS = { done: 'found', notDone: 'not done', unsure: 'no answer' } as const;

/** For the record of an attempt that nobody lived to record. */
const LOST: Outcome = {
  ...{ kind: 'unknown', status: null, sent: true },
  detail: 'The request may have left; the worker was lost before it knew of an answer',
};

function missing(name: OperationDeclaration['name']): Outcome {
  return { kind: 'rejected', status: null, detail: `The spoke has no operation ${name} to look it up with`, sent: false };
}
