/** Queues as people see them: figures of the delivery rows of each spoke (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, listOf, Name, nullable } from './common.ts';

export const Percentiles = closed({ p50: nullable(Type.Integer()), p95: nullable(Type.Integer()), p99: nullable(Type.Integer()) });

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
});
export type Queue = Static<typeof Queue>;
export const QueueList = listOf(Queue);
export const QueueParams = closed({ spoke: Name });
