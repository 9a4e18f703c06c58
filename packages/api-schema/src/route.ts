/** Routes (contract section 5, A route). */
import { type Static, Type } from 'typebox';
import { closed, Duration, listOf, Name, nullable, Timestamp } from './common.ts';

const Expression = Type.String({ minLength: 1, maxLength: 100_000, description: 'JSONata' });
const TypePattern = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Dotted type; * is one segment, ** any number',
  examples: ['order.*'],
});
const OperationName = Type.String({ minLength: 1, maxLength: 200 });

export const StepInput = closed({
  name: Name,
  to: Name,
  operation: Type.Optional(nullable(OperationName)),
  input: Type.Optional(nullable(Expression)),
  atMostOnce: Type.Optional(
    Type.Boolean({ description: 'Once a request has left it is never sent again by the hub, whatever became of it' }),
  ),
});
export type StepInput = Static<typeof StepInput>;

const HEADER_NAME = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$";

export const ReplyInput = closed({
  status: Type.Optional(
    nullable(
      Type.Union([Type.Integer({ minimum: 200, maximum: 599 }), Expression], { description: 'A status, or JSONata that gives one' }),
    ),
  ),
  headers: Type.Optional(
    Type.Record(Type.String({ pattern: HEADER_NAME }), Expression, { description: 'Name to JSONata', maxProperties: 50 }),
  ),
  body: Type.Optional(nullable(Expression)),
});
export type ReplyInput = Static<typeof ReplyInput>;

const Ending = Type.Enum(['finish', 'cancel'], { description: 'What becomes of the work: workers go on with it, or it ends' });

export const CacheInput = closed({ key: Expression, ttl: Duration });

const CALL_INPUT = {
  reply: Type.Optional(nullable(ReplyInput)),
  onTimeout: Type.Optional(Ending),
  onFailure: Type.Optional(Ending),
  onHangup: Type.Optional(Ending),
  cache: Type.Optional(nullable(CacheInput)),
};

const ROUTE_INPUT = {
  from: closed({ spoke: Name, type: TypePattern }),
  when: Type.Optional(nullable(Expression)),
  orderingKey: Type.Optional(nullable(Expression)),
  steps: Type.Array(StepInput, { minItems: 1, maxItems: 20 }),
  mode: Type.Optional(Type.Enum(['async', 'reply'])),
  timeout: Type.Optional(nullable(Duration)),
  ...CALL_INPUT,
  enabled: Type.Optional(Type.Boolean({ description: 'Default true' })),
  version: Type.Optional(Type.Integer({ description: 'Ignored' })),
  createdAt: Type.Optional(Type.String({ description: 'Ignored' })),
  updatedAt: Type.Optional(Type.String({ description: 'Ignored' })),
};

export const RouteInput = closed({ name: Type.Optional(Name), ...ROUTE_INPUT });
export type RouteInput = Static<typeof RouteInput>;
export const RouteCreate = closed({ name: Name, ...ROUTE_INPUT });
export type RouteCreate = Static<typeof RouteCreate>;

const ROUTE_SPEC = {
  from: closed({ spoke: Type.String(), type: Type.String() }),
  when: nullable(Type.String()),
  orderingKey: nullable(Type.String()),
  steps: Type.Array(
    closed({
      name: Type.String(),
      to: Type.String(),
      operation: nullable(Type.String()),
      input: nullable(Type.String()),
      // Stored versions from before it existed have none.
      atMostOnce: Type.Optional(Type.Boolean()),
    }),
  ),
  mode: Type.Enum(['async', 'reply']),
  timeout: nullable(Type.String()),
  // Only of mode `reply`; stored versions from before it existed have none.
  reply: Type.Optional(
    nullable(
      closed({
        status: nullable(Type.Union([Type.Integer(), Type.String()])),
        headers: Type.Record(Type.String(), Type.String()),
        body: nullable(Type.String()),
      }),
    ),
  ),
  onTimeout: Type.Optional(Ending),
  onFailure: Type.Optional(Ending),
  onHangup: Type.Optional(Ending),
  cache: Type.Optional(nullable(closed({ key: Type.String(), ttl: Type.String() }))),
  enabled: Type.Boolean(),
};

/** A route completed: the form it is stored in, and what the declarative state holds. */
export const RouteSpec = closed(ROUTE_SPEC);
export type RouteSpec = Static<typeof RouteSpec>;

export const Route = closed({ name: Name, ...ROUTE_SPEC, version: Type.Integer(), createdAt: Timestamp, updatedAt: Timestamp });
export type Route = Static<typeof Route>;
export const RouteList = listOf(Route);

export const RouteVersion = closed({ version: Type.Integer(), ...ROUTE_SPEC, createdAt: Timestamp, createdBy: Type.String() });
export type RouteVersion = Static<typeof RouteVersion>;
export const RouteVersionList = listOf(RouteVersion);
