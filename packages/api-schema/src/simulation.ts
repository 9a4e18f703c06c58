/** Trying things out: what a route would do with a message, and what an expression gives. Nothing is sent and nothing is stored. */
import { type Static, Type } from 'typebox';
import { closed, Id, Name, nullable, Timestamp } from './common.ts';
import { RouteInput } from './route.ts';

const FIELDS = Type.Record(Type.String(), Type.String({ maxLength: 8_192 }), { maxProperties: 200 });
const Text = Type.String({ minLength: 1, maxLength: 255 });

export const SampleMessage = closed({
  type: Type.String({ minLength: 1, maxLength: 200 }),
  data: Type.Unknown({ description: 'The parsed body' }),
  source: Type.Optional(Name),
  headers: Type.Optional(FIELDS),
  orderingKey: Type.Optional(nullable(Text)),
  correlationId: Type.Optional(nullable(Text)),
  receivedAt: Type.Optional(Timestamp),
  query: Type.Optional(FIELDS),
  method: Type.Optional(Type.String({ pattern: '^[A-Z]{1,20}$', description: 'Of a call' })),
  path: Type.Optional(Type.String({ maxLength: 2_000, description: 'Of a call, below /call/{route}' })),
});
export type SampleMessage = Static<typeof SampleMessage>;

export const RouteSimulate = closed({
  route: Type.Optional(RouteInput),
  routeVersion: Type.Optional(Type.Integer({ minimum: 1, description: 'A version of the stored route; not with `route`' })),
  messageId: Type.Optional(Id),
  message: Type.Optional(SampleMessage),
  answers: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      maxProperties: 20,
      description: 'Parsed answers of earlier steps, by the name of the step',
    }),
  ),
});
export type RouteSimulate = Static<typeof RouteSimulate>;

export const SimulationProblem = closed({
  path: Type.String({ description: 'JSON Pointer below the route' }),
  message: Type.String(),
  position: nullable(Type.Integer({ description: 'In the expression, in characters' })),
});
export type SimulationProblem = Static<typeof SimulationProblem>;

export const RouteSimulation = closed({
  takes: Type.Boolean({ description: 'Whether anything would be sent' }),
  matches: closed({
    source: Type.Boolean(),
    type: Type.Boolean(),
    when: nullable(Type.Boolean({ description: 'null: it failed' })),
    reason: Type.String(),
  }),
  orderingKey: nullable(Type.String()),
  steps: Type.Array(
    closed({
      name: Type.String(),
      to: Type.String(),
      operation: nullable(Type.String()),
      known: Type.Boolean({ description: 'false: the input failed, needs an answer, or is too large to show' }),
      input: Type.Unknown({ description: 'As the spoke would be given it; null while it is not known' }),
      needs: Type.Array(Type.String(), { description: 'Earlier steps whose answer it asks for and that `answers` does not have' }),
      skipped: nullable(Type.String({ description: 'Why the step would not be reached; its input is shown all the same' })),
      problems: Type.Array(SimulationProblem),
    }),
  ),
  problems: Type.Array(SimulationProblem, { description: 'Those that belong to no step' }),
});
export type RouteSimulation = Static<typeof RouteSimulation>;

export const ExpressionEvaluate = closed({
  expression: Type.String({ minLength: 1, maxLength: 100_000, description: 'JSONata' }),
  input: Type.Unknown({
    description: 'Its root: of routes and mappings { id, type, source, data, headers, ..., steps }, of inbound ones the body',
  }),
  scope: Type.Optional(
    Type.Enum(['route', 'inbound'], { description: 'inbound: only simple expressions, with $headers, $query and $method' }),
  ),
  headers: Type.Optional(FIELDS),
  query: Type.Optional(FIELDS),
  method: Type.Optional(Type.String({ pattern: '^[A-Z]{1,20}$' })),
});
export type ExpressionEvaluate = Static<typeof ExpressionEvaluate>;

export const ExpressionEvaluation = Type.Union([
  closed({
    ok: Type.Literal(true),
    nothing: Type.Boolean({ description: 'It selects nothing; `value` is null then' }),
    value: Type.Unknown(),
    simple: Type.Boolean({ description: 'It may stand where only simple expressions may: in conditions and keys' }),
  }),
  closed({ ok: Type.Literal(false), error: closed({ message: Type.String(), position: Type.Optional(Type.Integer()) }) }),
]);
export type ExpressionEvaluation = Static<typeof ExpressionEvaluation>;
