/** Spokes (contract section 5, A spoke): what people give, and what reads answer. */
import { type Static, Type } from 'typebox';
import { closed, Duration, listOf, Name, nullable, Timestamp } from './common.ts';

const count = (maximum: number, description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum, description }));

export const RetryInput = closed(
  {
    preset: Type.Optional(
      Type.Enum(['standard-webhooks', 'stripe', 'fast'], {
        description:
          'A named schedule instead of the other fields. standard-webhooks: 10 attempts over 75 h, the example of its specification; stripe: 16 over about 3 days; fast: 5 within seconds',
      }),
    ),
    attempts: count(100, 'Attempts in all, the first included'),
    base: Type.Optional(Duration),
    max: Type.Optional(Duration),
    factor: Type.Optional(Type.Number({ minimum: 1, maximum: 100 })),
    jitter: Type.Optional(Type.Boolean({ description: 'Full jitter: each delay is drawn from nothing to its length' })),
  },
  { description: 'Exponential backoff' },
);
export type RetryInput = Static<typeof RetryInput>;

const Rate = closed({ limit: Type.Integer({ minimum: 1, maximum: 1_000_000 }), per: Duration });

export const PolicyInput = closed({
  concurrency: count(10_000, 'Deliveries in flight over all workers'),
  timeout: Type.Optional(Duration),
  rate: Type.Optional(nullable(Rate)),
  retry: Type.Optional(RetryInput),
  breaker: Type.Optional(
    closed({ failures: count(10_000, 'Consecutive faults, timeouts and failed connects'), cooldown: Type.Optional(Duration) }),
  ),
  retryBudget: Type.Optional(
    closed(
      {
        ratio: Type.Optional(Type.Number({ minimum: 0, maximum: 100, description: 'Retries for each first attempt' })),
        perMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Retries that are always allowed' })),
      },
      { description: 'Retries beyond it wait; none is dropped' },
    ),
  ),
  operations: Type.Optional(
    Type.Record(
      Type.String({ minLength: 1, maxLength: 200 }),
      closed({ timeout: Type.Optional(Duration), retry: Type.Optional(RetryInput) }),
      {
        maxProperties: 200,
        description: 'What differs for single operations, by name',
      },
    ),
  ),
});
export type PolicyInput = Static<typeof PolicyInput>;

/** Write-only: reads leave it out and say `"set": true` beside it. Null removes it; left out or `{ "set": true }` keeps it. */
export const SecretInput = Type.Union([Type.String({ minLength: 1, maxLength: 65_536 }), Type.Null(), closed({ set: Type.Literal(true) })]);

/** A verification scheme; its options depend on the scheme and are checked by it. */
export const VerifyInput = Type.Object(
  {
    scheme: Type.String({ minLength: 1, maxLength: 100 }),
    secret: Type.Optional(SecretInput),
    secrets: Type.Optional(
      Type.Array(
        closed({
          secret: Type.Optional(SecretInput),
          notAfter: Type.Optional(nullable(Timestamp)),
          set: Type.Optional(Type.Boolean({ description: 'Answered by reads; a secret is stored' })),
        }),
        { maxItems: 10, description: 'Several at once, for rotation' },
      ),
    ),
    set: Type.Optional(Type.Boolean({ description: 'Answered by reads; a secret is stored' })),
  },
  { additionalProperties: true },
);
export type VerifyInput = Static<typeof VerifyInput>;

const Expression = Type.String({ minLength: 1, maxLength: 10_000, description: 'JSONata' });

const jsonSchema = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

/** What SOAP callers may call at `/soap/{spoke}`. */
export const InboundOperationInput = closed({
  schema: jsonSchema('JSON Schema (2020-12) of the request: an object'),
  response: Type.Optional(
    nullable(jsonSchema('JSON Schema of the answer of a reply route; without it the caller gets the id of the message')),
  ),
  oneWay: Type.Optional(Type.Boolean({ description: 'True: answered by an empty 202' })),
  soapAction: Type.Optional(
    nullable(Type.String({ pattern: '^[^"\\s\\x00-\\x1f\\x7f]{1,500}$', description: 'Default: namespace and name' })),
  ),
});
export type InboundOperationInput = Static<typeof InboundOperationInput>;

export const InboundInput = closed({
  verify: Type.Optional(Type.Union([VerifyInput, Type.Array(VerifyInput, { minItems: 1, maxItems: 10, description: 'All must pass' })])),
  type: Type.Optional(nullable(Expression)),
  idempotencyKey: Type.Optional(nullable(Expression)),
  orderingKey: Type.Optional(nullable(Expression)),
  keys: Type.Optional(
    Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$' }), Expression, {
      additionalProperties: false,
      maxProperties: 20,
      description: 'Business keys messages can be found by: name to expression',
    }),
  ),
  schema: Type.Optional(nullable(Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema (2020-12) of the parsed body' }))),
  maxBytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 104_857_600 })),
  idempotencyWindow: Type.Optional(Duration),
  rate: Type.Optional(nullable(Rate)),
  retention: Type.Optional(nullable(Duration)),
  poll: Type.Optional(
    nullable(
      Type.Record(
        Name,
        closed({
          every: Type.Optional(Duration),
          enabled: Type.Optional(Type.Boolean({ description: 'Default true; false keeps the place reached' })),
          from: Type.Optional(
            Type.Enum(['now', 'start'], {
              description:
                'Where the very first turn begins: with what happens from now on (the default), or with the oldest the system still has',
            }),
          ),
        }),
        { maxProperties: 20, additionalProperties: false, description: 'Events the hub fetches from the system, by the name of the poll' },
      ),
    ),
  ),
  operations: Type.Optional(
    nullable(
      Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,62}$' }), InboundOperationInput, {
        maxProperties: 200,
        additionalProperties: false,
        description: 'Operations that SOAP callers may call, by name; the WSDL at /soap/{spoke}?wsdl is made from them',
      }),
    ),
  ),
  namespace: Type.Optional(
    nullable(Type.String({ pattern: '^[^\\s<>"{}|^`\\\\]{1,300}$', description: 'Of the WSDL; default urn:nave:<spoke>' })),
  ),
});
export type InboundInput = Static<typeof InboundInput>;

const Anything = Type.Record(Type.String(), Type.Unknown());

/** Fields that reads answer; taken back and ignored, so that what GET answered can be PUT. */
const READ_BACK = {
  version: Type.Optional(Type.Integer({ description: 'Ignored' })),
  createdAt: Type.Optional(Type.String({ description: 'Ignored' })),
  updatedAt: Type.Optional(Type.String({ description: 'Ignored' })),
};

/** How a poll goes. */
export const PollStatus = closed({
  lastAt: nullable(Timestamp),
  nextAt: nullable(Timestamp),
  failures: Type.Integer({ description: 'Turns that failed in a row' }),
  lastError: nullable(Type.String()),
});
export type PollStatus = Static<typeof PollStatus>;

const Polls = Type.Record(Type.String(), PollStatus, { description: 'Of each poll that is switched on' });

const SPOKE_INPUT = {
  kind: Name,
  title: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Default: the name' })),
  enabled: Type.Optional(Type.Boolean({ description: 'Default true' })),
  config: Type.Optional(nullable(Anything)),
  credentials: Type.Optional(nullable(Anything)),
  policy: Type.Optional(nullable(PolicyInput)),
  inbound: Type.Optional(nullable(InboundInput)),
  paused: Type.Optional(Type.Boolean({ description: 'Ignored: see pause and resume' })),
  polls: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Ignored: see inbound.poll' })),
  ...READ_BACK,
};

export const SpokeInput = closed({ name: Type.Optional(Name), ...SPOKE_INPUT });
export type SpokeInput = Static<typeof SpokeInput>;
export const SpokeCreate = closed({ name: Name, ...SPOKE_INPUT });
export type SpokeCreate = Static<typeof SpokeCreate>;

const SPOKE_OUTPUT = {
  kind: Type.String(),
  title: Type.String(),
  enabled: Type.Boolean(),
  config: Type.Unknown(),
  credentials: Type.Unknown({ description: 'Without secrets; `"set": true` where one is stored' }),
  policy: Type.Unknown({ description: 'As given; what is left out has the default of the kind' }),
  inbound: Type.Unknown(),
};

/** A spoke in the declarative state: what `nave.yaml` holds. */
export const DeclaredSpoke = closed(SPOKE_OUTPUT);
export type DeclaredSpoke = Static<typeof DeclaredSpoke>;

export const Spoke = closed({
  name: Name,
  ...SPOKE_OUTPUT,
  paused: Type.Boolean(),
  polls: Type.Optional(Polls),
  version: Type.Integer(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Spoke = Static<typeof Spoke>;
export const SpokeList = listOf(Spoke);

export const SpokeCheck = closed({
  ok: Type.Boolean(),
  latencyMs: Type.Number(),
  detail: Type.String(),
  checks: Type.Array(closed({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() })),
});
export type SpokeCheck = Static<typeof SpokeCheck>;

export const PollParams = closed({ name: Name, poll: Name });

/** What one turn of a poll did, asked for by a person. */
export const PollRun = closed({
  ok: Type.Boolean(),
  items: Type.Integer({ description: 'Events fetched' }),
  duplicates: Type.Integer({ description: 'Of these, events the hub had already' }),
  refused: Type.Integer({ description: 'Of these, events that break the inbound schema of the spoke or cannot be stored' }),
  more: Type.Boolean({ description: 'There is more; the next turn begins at once' }),
  detail: Type.String(),
  status: PollStatus,
});
export type PollRun = Static<typeof PollRun>;

/** A merge patch (RFC 7396): fields replace, null removes. */
export const MergePatch = Type.Record(Type.String(), Type.Unknown(), { description: 'JSON merge patch (RFC 7396)' });

export const DeleteQuery = closed({
  force: Type.Boolean({ default: false, description: 'Cancel open deliveries instead of refusing' }),
});
