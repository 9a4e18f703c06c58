/** Replays of many messages, and retries (or the giving up) of many dead deliveries, with a preview (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, Id, listOf, Name, nullable, Timestamp } from './common.ts';
import { IssueId } from './issues.ts';

const oneOrMore = <T extends ReturnType<typeof Type.String>>(item: T) =>
  Type.Union([item, Type.Array(item, { minItems: 1, maxItems: 200 })]);
const Text = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000]+$' });

export const REPLAY_MODE_NAMES = ['replay', 'retry', 'skip', 'cancel'] as const;

export const ReplayFilter = closed({
  spoke: Type.Optional(oneOrMore(Name)),
  type: Type.Optional(oneOrMore(Text)),
  state: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 10 })])),
  route: Type.Optional(Name),
  ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 10_000, uniqueItems: true })),
  issue: Type.Optional(Type.String({ ...IssueId, description: 'Only the deliveries of this issue (GET /issues); not with mode replay' })),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
});
export type ReplayFilter = Static<typeof ReplayFilter>;

export const ReplayCreate = closed({
  filter: ReplayFilter,
  mode: Type.Optional(
    Type.Enum([...REPLAY_MODE_NAMES], {
      description:
        'replay (default): new deliveries, new keys, for messages. The others are about dead deliveries, and so is their filter. retry: they go on, same ids and keys. skip, cancel: they are given up',
    }),
  ),
  rate: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'Deliveries per second' })),
  routeVersion: Type.Optional(Type.Integer({ minimum: 1, description: 'Needs filter.route' })),
  dryRun: Type.Optional(Type.Boolean()),
});
export type ReplayCreate = Static<typeof ReplayCreate>;

export const ReplayPreview = closed({
  count: Type.Integer(),
  oldest: nullable(Timestamp),
  newest: nullable(Timestamp),
  estimatedSeconds: Type.Integer(),
  exact: Type.Boolean({ description: 'false: there are at least `count`' }),
});

export const Replay = closed({
  id: Id,
  mode: Type.Enum([...REPLAY_MODE_NAMES]),
  state: Type.Enum(['running', 'paused', 'stopped', 'done']),
  total: Type.Integer(),
  done: Type.Integer(),
  failed: Type.Integer(),
  filter: ReplayFilter,
  rate: nullable(Type.Integer()),
  routeVersion: nullable(Type.Integer()),
  createdBy: Type.String(),
  createdAt: Timestamp,
  finishedAt: nullable(Timestamp),
});
export type Replay = Static<typeof Replay>;
export const ReplayList = listOf(Replay);
