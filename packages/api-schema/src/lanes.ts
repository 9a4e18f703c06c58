/** Lanes: deliveries to one spoke under one key, one at a time (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, Id, LIST_QUERY, nullable, Timestamp } from './common.ts';
import { DELIVERY_STATE_NAMES } from './deliveries.ts';
import { queryTexts, queryWords } from './query-text.ts';

export const Lane = closed({
  spoke: Type.String({ description: 'Where its deliveries go' }),
  key: Type.String(),
  blockedBy: Type.String({ ...Id, description: 'The delivery that the others wait for: its retry, skip or cancel releases the lane' }),
  waiting: Type.Integer({ description: 'Deliveries that wait behind it, counted up to 10,000' }),
  since: Timestamp,
  parked: Type.Boolean({ description: 'True when it waits for a person: the blocking delivery is dead or unknown' }),
  state: nullable(Type.Enum([...DELIVERY_STATE_NAMES], { description: 'State of the blocking delivery; null when it is gone' })),
  reason: nullable(Type.String({ description: 'Why the blocking delivery is in its state' })),
});
export type Lane = Static<typeof Lane>;

export const LaneList = closed(
  { items: Type.Array(Lane), nextCursor: nullable(Type.String()) },
  { description: 'Ordered by spoke and key. A page may hold fewer than `limit`, even none, and still name a next one' },
);
export type LaneList = Static<typeof LaneList>;

export const LaneQuery = closed({
  ...LIST_QUERY,
  spoke: Type.Optional(queryTexts('Target spoke')),
  state: Type.Optional(queryWords(['parked'], 'Only lanes that wait for a person')),
});
