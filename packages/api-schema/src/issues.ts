/** Issues: failing deliveries grouped by what went wrong (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, Id, LIST_QUERY, listOf, nullable, Timestamp } from './common.ts';
import { Delivery } from './deliveries.ts';
import { queryTexts, queryWords } from './query-text.ts';

export const ISSUE_STATE_NAMES = ['dead', 'unknown'] as const;

export const IssueId = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'Derived from what the deliveries of the group have in common: the same failure has the same id again',
});
export const IssueParams = closed({ id: IssueId });

const ISSUE_FIELDS = {
  id: IssueId,
  spoke: Type.String({ description: 'Where the deliveries go' }),
  operation: Type.String(),
  state: Type.Enum([...ISSUE_STATE_NAMES], {
    description: 'dead: retry, skip or cancel them (POST /replays with filter.issue). unknown: each waits for a person who resolves it',
  }),
  outcome: nullable(Type.String({ description: 'Of the last attempts; null: nothing was sent' })),
  status: nullable(Type.Integer({ description: 'HTTP status of the last attempts' })),
  reason: nullable(Type.String({ description: 'The code at the start of the reason of the deliveries' })),
  title: Type.String({ description: 'One line, without what differs from one delivery to the next' }),
  detail: Type.String({ description: 'What the last attempt of the sample says, one line' }),
  count: Type.Integer({ description: 'Deliveries' }),
  messages: Type.Integer({ description: 'Messages they belong to' }),
  firstSeen: Timestamp,
  lastSeen: Timestamp,
  routes: Type.Array(closed({ route: Type.String(), count: Type.Integer() }), { description: 'At most ten, the most frequent first' }),
  sample: closed({ deliveryId: Id, messageId: Id }, { description: 'Its newest delivery' }),
  parkedLanes: Type.Integer({ description: 'Lanes that its deliveries block' }),
  waiting: nullable(Type.Integer({ description: 'Deliveries that wait behind them; null: too many lanes to count' })),
  exact: Type.Boolean({
    description: 'false: there are more failing deliveries than are grouped (the newest 100,000), or some are just being sorted',
  }),
};

export const Issue = closed(ISSUE_FIELDS);
export type Issue = Static<typeof Issue>;
export const IssueList = closed(
  { items: Type.Array(Issue), nextCursor: nullable(Type.String()) },
  { description: 'The group that failed last first' },
);
export type IssueList = Static<typeof IssueList>;

export const IssueDetail = closed({ ...ISSUE_FIELDS, deliveries: listOf(Delivery) });
export type IssueDetail = Static<typeof IssueDetail>;

export const IssueSummary = closed({
  issues: Type.Integer(),
  dead: Type.Integer({ description: 'Deliveries' }),
  unknown: Type.Integer({ description: 'Deliveries' }),
  parkedLanes: Type.Integer(),
  exact: Type.Boolean({ description: 'false: there are at least so many' }),
});
export type IssueSummary = Static<typeof IssueSummary>;

export const IssueQuery = closed({
  ...LIST_QUERY,
  spoke: Type.Optional(queryTexts('Target spoke')),
  route: Type.Optional(queryTexts('Route')),
  state: Type.Optional(queryWords(ISSUE_STATE_NAMES, 'State')),
  from: Type.Optional(Type.String({ ...Timestamp, description: 'Only what failed since then' })),
  to: Type.Optional(Type.String({ ...Timestamp, description: 'Only what failed before' })),
});
