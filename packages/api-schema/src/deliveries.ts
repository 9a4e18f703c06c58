/** Deliveries, their attempts, and what a person may do to them (contract section 5, States). */
import { type Static, Type } from 'typebox';
import { closed, Id, LIST_QUERY, listOf, nullable, Timestamp } from './common.ts';
import { queryText, queryTexts, queryWords } from './query-text.ts';

export const DELIVERY_STATE_NAMES = [
  'pending',
  'active',
  'retrying',
  'held',
  'unknown',
  'succeeded',
  'dead',
  'skipped',
  'cancelled',
  'compensated',
] as const;

export const Attempt = closed({
  number: Type.Integer(),
  startedAt: Timestamp,
  durationMs: Type.Integer(),
  outcome: Type.String({ description: 'ok rejected throttled timeout unreachable fault invalid unknown' }),
  status: nullable(Type.Integer()),
  detail: Type.String(),
});

export const Delivery = closed({
  id: Id,
  messageId: Id,
  route: Type.String(),
  routeVersion: Type.Integer(),
  step: Type.String({ description: 'Name of the step' }),
  spoke: Type.String({ description: 'Where it goes' }),
  operation: Type.String(),
  state: Type.Enum([...DELIVERY_STATE_NAMES]),
  heldBy: nullable(Type.String({ description: 'breaker pause lane governor approval event' })),
  blockedBy: nullable(Id),
  reason: nullable(
    Type.String({
      description:
        'A code. unknown: unanswered, lookup.notDone (asked once more before it is sent again), lookup.failed, worker.lost; dead: rejected, invalid, retries.exhausted, at-most-once, worker.lost',
    }),
  ),
  attemptCount: Type.Integer(),
  nextAttemptAt: nullable(Timestamp),
  createdAt: Timestamp,
  finishedAt: nullable(Timestamp),
  replayOf: nullable(Id),
  attempts: Type.Array(Attempt, { description: 'The newest hundred, in order' }),
});
export type Delivery = Static<typeof Delivery>;

/** One delivery, with what comes and what a person may do now. */
export const DeliveryDetail = closed({
  ...Delivery.properties,
  schedule: Type.Array(closed({ attempt: Type.Integer(), at: Timestamp }), {
    description:
      'Pending or retrying: the attempts its policy has left, at the latest (without jitter, if each one fails at once); at most twenty',
  }),
  actions: Type.Array(Type.Enum(['retry', 'skip', 'cancel', 'approve', 'reject', 'resolve']), {
    description: 'Calls that are possible in its state',
  }),
  choices: Type.Array(Type.Enum(['done', 'notDone']), { description: 'Outcomes `resolve` takes now: both while its outcome is unknown' }),
});
export type DeliveryDetail = Static<typeof DeliveryDetail>;

export const DeliveryList = listOf(Delivery);
export type DeliveryList = Static<typeof DeliveryList>;

export const DeliveryQuery = closed({
  ...LIST_QUERY,
  state: Type.Optional(queryWords(DELIVERY_STATE_NAMES, 'State')),
  spoke: Type.Optional(queryTexts('Target spoke')),
  route: Type.Optional(queryTexts('Route')),
  messageId: Type.Optional(Id),
  error: Type.Optional(
    queryText(
      'Text, in any case, in the reason or the last attempt of deliveries that are dead, unknown, retrying, or held after an attempt. A page looks at 2,000 of them at most: fewer items than asked for with a `nextCursor` means that there is more to look at',
    ),
  ),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
});

export const DeliveryResolve = closed({
  outcome: Type.Enum(['done', 'notDone'], {
    description: 'done: it happened, the delivery succeeded. notDone: send it again, same id and key',
  }),
  output: Type.Optional(Type.Unknown({ description: 'With done: the answer, for later steps' })),
});
export type DeliveryResolve = Static<typeof DeliveryResolve>;
