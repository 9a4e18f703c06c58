/** Queues as people see them: figures of the delivery rows of each spoke (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, listOf, Name, nullable, Timestamp } from './common.ts';

export const Percentiles = closed({ p50: nullable(Type.Integer()), p95: nullable(Type.Integer()), p99: nullable(Type.Integer()) });

/** What keeps deliveries back at the moment; all null in the ordinary state. */
export const QueueFlow = closed({
  openedAt: nullable(Timestamp),
  probeAt: Type.Union([Timestamp, Type.Null()], {
    description: 'When the next probe may go out; while half-open, when the one under way counts as lost',
  }),
  throttledUntil: Type.Union([Timestamp, Type.Null()], { description: 'The system asked for patience (`Retry-After`)' }),
  draining: nullable(
    closed({
      since: Timestamp,
      rate: Type.Union([Type.Integer(), Type.Null()], { description: "Deliveries per second at most; null = the hub's own bound" }),
      left: Type.Integer(),
    }),
  ),
  retryBudgetExhaustedAt: Type.Union([Timestamp, Type.Null()], {
    description: 'When retries were last put off because the budget was used up',
  }),
});
export type QueueFlow = Static<typeof QueueFlow>;

export const Queue = closed({
  spoke: Type.String(),
  depth: closed({
    pending: Type.Integer(),
    active: Type.Integer(),
    retrying: Type.Integer(),
    held: Type.Integer(),
    unknown: Type.Integer(),
    dead: Type.Integer(),
  }),
  oldestSeconds: Type.Number({ description: 'Age of the oldest delivery that is pending, active or retrying; 0 without one' }),
  ratePerSecond: Type.Number({ description: 'Deliveries ended, over the last minute' }),
  latencyMs: Percentiles,
  paused: Type.Boolean(),
  breaker: Type.Enum(['closed', 'open', 'half-open']),
  flow: QueueFlow,
});
export type Queue = Static<typeof Queue>;
export const QueueList = listOf(Queue);
export const QueueParams = closed({ spoke: Name });

export const ResumeInput = closed({
  rate: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      description: 'Deliveries per second at most, reached by doubling each second; by default 500',
    }),
  ),
  dryRun: Type.Optional(Type.Boolean({ description: 'Only tells how much would be let go, and how long it takes' })),
});
export type ResumeInput = Static<typeof ResumeInput>;

export const ResumePreview = closed({
  count: Type.Integer(),
  oldest: nullable(Timestamp),
  newest: nullable(Timestamp),
  estimatedSeconds: Type.Integer(),
  exact: Type.Boolean(),
});
export type ResumePreview = Static<typeof ResumePreview>;
