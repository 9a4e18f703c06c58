/** Spokes and routes as the pipeline sees them: validated, completed, secrets opened. */
import type { Idempotency } from '../delivery/outcome.ts';
import type { SpokePolicy } from './policy.ts';

export interface SpokeDefinition {
  name: string;
  kind: string;
  title: string;
  enabled: boolean;
  paused: boolean;
  /** Rises with every change. */
  version: number;
  config: unknown;
  /** With secrets in clear: memory only. */
  credentials: unknown;
  policy: SpokePolicy;
  inbound: InboundDefinition | null;
}

export interface InboundDefinition {
  /** All must pass. Empty: the spoke does not receive hooks. */
  verify: readonly VerifyScheme[];
  type: string | null;
  idempotencyKey: string | null;
  orderingKey: string | null;
  /** Business keys: name to expression. */
  keys: Readonly<Record<string, string>>;
  /** JSON Schema of the parsed body. */
  schema: Readonly<Record<string, unknown>> | null;
  maxBytes: number;
  /** How long an idempotency key is remembered. */
  idempotencyWindowMs: number;
  /** Messages taken per time over all hubs; null = no limit. */
  rate: { limit: number; perMs: number } | null;
  /** How long bodies are kept; null = as long as the rows. */
  retentionMs: number | null;
  /** Polls that are switched on, by the name its kind declares. */
  polls: Readonly<Record<string, PollSetting>>;
  /** What SOAP callers may call, by name; absent or empty: the spoke takes no SOAP. */
  operations?: Readonly<Record<string, InboundOperation>> | undefined;
  /** Of the WSDL made from the operations; absent: the hub makes one from the spoke's name. */
  namespace?: string | undefined;
}

/** An operation that others call on the hub. */
export interface InboundOperation {
  /** JSON Schema of the request: an object. */
  schema: Readonly<Record<string, unknown>>;
  /** JSON Schema of the answer; null: the caller gets the id of the message. */
  response: Readonly<Record<string, unknown>> | null;
  /** The caller gets an empty 202. */
  oneWay: boolean;
  /** Null: namespace and name. */
  soapAction: string | null;
}

/** How one poll of a spoke is run. */
export interface PollSetting {
  /** Milliseconds from the end of one turn to the next; null = as the kind declares. */
  everyMs: number | null;
  /** Where the first turn begins: with what happens from now on, or with the oldest the system still has. */
  from: 'now' | 'start';
}

/** One verification scheme with its options; secrets in clear: memory only. */
export interface VerifyScheme {
  scheme: string;
  secrets: readonly { secret: string; notAfterMs: number | null }[];
  options: Readonly<Record<string, unknown>>;
}

export interface RouteDefinition {
  name: string;
  version: number;
  enabled: boolean;
  from: { spoke: string; type: string };
  when: string | null;
  orderingKey: string | null;
  steps: readonly StepDefinition[];
  mode: 'async' | 'reply';
  timeoutMs: number | null;
  /** Only of mode `reply`. */
  call?: CallDefinition | undefined;
}

/** What becomes of the work when its caller is not there for it any more: `finish` = workers go on, `cancel` = it ends. */
export type CallEnding = 'finish' | 'cancel';

/** How a route answers who calls it. */
export interface CallDefinition {
  /** Null: the last step's answer as it is. */
  reply: { status: number | string | null; headers: Readonly<Record<string, string>>; body: string | null } | null;
  /** The time is over. */
  onTimeout: CallEnding;
  /** The caller was told that it failed, although the spoke's policy would try again. */
  onFailure: CallEnding;
  /** The caller hung up. */
  onHangup: CallEnding;
  cache: { key: string; ttlMs: number } | null;
}

export interface StepDefinition {
  name: string;
  to: string;
  operation: string | null;
  /** Mapping of the message to the operation's input; null = the message's data as it is. */
  input: string | null;
  /** Once a request has left it is never sent again, whatever became of it. */
  atMostOnce: boolean;
}

/** What an operation of a spoke declares. */
export interface OperationFacts {
  name: string;
  idempotent: Idempotency;
  retryOn: readonly number[];
  rejectOn: readonly number[];
}
