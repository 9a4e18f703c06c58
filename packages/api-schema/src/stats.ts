/** Traffic of a time window (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, Duration, Name, Timestamp } from './common.ts';
import { Percentiles } from './queues.ts';

export const StatsQuery = closed({ window: Type.Optional(Duration) });

const COUNTS = {
  total: Type.Integer(),
  succeeded: Type.Integer(),
  dead: Type.Integer(),
  skipped: Type.Integer(),
  cancelled: Type.Integer(),
  open: Type.Integer(),
  ratePerSecond: Type.Number(),
  errorShare: Type.Number({ description: 'dead / (succeeded + dead); 0 without either' }),
};

export const Stats = closed({
  asOf: Timestamp,
  window: Duration,
  exact: Type.Boolean({ description: 'false: busy stretches were sampled, the figures are estimates' }),
  messages: closed({ received: Type.Integer(), unrouted: Type.Integer(), ratePerSecond: Type.Number() }),
  deliveries: closed(COUNTS),
  sources: Type.Array(closed({ spoke: Type.String(), received: Type.Integer(), unrouted: Type.Integer(), ratePerSecond: Type.Number() })),
  spokes: Type.Array(closed({ spoke: Type.String(), ...COUNTS, latencyMs: Percentiles })),
  routes: Type.Array(closed({ route: Type.String(), ...COUNTS, latencyMs: Percentiles })),
});
export type Stats = Static<typeof Stats>;

/** Described where the call is: the forms of fields are shared. */
export const SeriesQuery = closed({
  window: Type.Optional(Duration),
  spoke: Type.Optional(Name),
  route: Type.Optional(Name),
  step: Type.Optional(Duration),
});

export const StatsSeries = closed({
  asOf: Timestamp,
  window: Duration,
  stepSeconds: Type.Integer(),
  exact: Type.Boolean({ description: 'false: busy stretches were sampled, the figures are estimates' }),
  points: Type.Array(
    closed({
      at: Type.String({ format: 'date-time', description: 'Begin of the step; the last one is still under way' }),
      received: Type.Integer({ description: 'Messages' }),
      unrouted: Type.Integer(),
      total: Type.Integer({ description: 'Deliveries created in the step; the counts that follow tell what became of them since' }),
      succeeded: Type.Integer(),
      dead: Type.Integer(),
      skipped: Type.Integer(),
      cancelled: Type.Integer(),
      open: Type.Integer(),
      latencyMs: Percentiles,
    }),
  ),
});
export type StatsSeries = Static<typeof StatsSeries>;
