/** The ledger: what was accepted, and what became of it (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, Duration, nullable, Timestamp } from './common.ts';

export const LedgerQuery = closed({ window: Type.Optional(Duration) });
export const LedgerVerifyQuery = closed({ from: Type.Optional(Timestamp), to: Type.Optional(Timestamp) });

const COUNTS = {
  accepted: Type.Integer(),
  succeeded: Type.Integer(),
  filtered: Type.Integer(),
  skipped: Type.Integer(),
  running: Type.Integer(),
  waiting: Type.Integer(),
  held: Type.Integer(),
  unknown: Type.Integer(),
  dead: Type.Integer(),
  cancelled: Type.Integer(),
  compensated: Type.Integer(),
  unchecked: Type.Integer({ description: 'accepted, but not counted again yet' }),
  difference: Type.Integer({ description: 'accepted and counted again, but not found; negative for a surplus' }),
};

export const LedgerDifference = closed({
  id: nullable(Type.Integer({ description: 'null: seen by this very call, not yet by the continuous check' })),
  kind: Type.Union([Type.Literal('runs'), Type.Literal('messages'), Type.Literal('counters')], {
    description: 'counters: what counts the accepted is not what the audit chain attests',
  }),
  route: Type.String({ description: 'empty for messages and counters' }),
  from: Timestamp,
  to: Timestamp,
  accepted: Type.Integer(),
  found: Type.Integer(),
  missing: Type.Integer({ description: 'accepted minus found; negative for a surplus' }),
  messageIds: Type.Array(Type.String(), { description: 'at most 100, where what is left tells' }),
  foundAt: nullable(Timestamp),
});
export type LedgerDifference = Static<typeof LedgerDifference>;

const MessageCounts = closed({ accepted: Type.Integer(), found: Type.Integer(), unchecked: Type.Integer(), difference: Type.Integer() });

export const Ledger = closed({
  from: Timestamp,
  to: Timestamp,
  ok: Type.Boolean({ description: 'nothing is missing' }),
  checkedUntil: nullable(Timestamp),
  totals: closed(COUNTS),
  messages: MessageCounts,
  items: Type.Array(closed({ route: Type.String(), minute: nullable(Timestamp), ...COUNTS })),
  differences: Type.Array(LedgerDifference),
  blockedDays: Type.Array(closed({ day: Type.String(), reason: Type.String() }), {
    description: 'older than the retention, but still needed',
  }),
});
export type Ledger = Static<typeof Ledger>;

const Sums = closed({ accepted: Type.Integer(), found: Type.Integer() });

export const LedgerVerdict = closed({
  ok: Type.Boolean(),
  from: Timestamp,
  to: Timestamp,
  next: nullable(Timestamp),
  runs: Sums,
  messages: Sums,
  differences: Type.Array(LedgerDifference),
});
export type LedgerVerdict = Static<typeof LedgerVerdict>;
