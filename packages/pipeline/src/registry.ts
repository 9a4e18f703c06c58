/** What the pipeline asks of the running configuration: spokes and routes compiled once, replaced as a whole on every change. */
import type { OperationDeclaration, SpokeConnection } from '@nave/adapter-kit';
import type {
  CallEnding,
  CompiledExpression,
  FieldProblem,
  InboundDefinition,
  RawRequest,
  RouteDefinition,
  SpokeDefinition,
  StepDefinition,
  Verdict,
} from '@nave/core';

export interface CompiledSpoke {
  definition: SpokeDefinition;
  inbound: CompiledInbound | null;
  /** The declared operation; without a name the only one. */
  operation(name: string | null): OperationDeclaration | null;
}

export interface CompiledInbound {
  definition: InboundDefinition;
  verify: (request: RawRequest) => Promise<Verdict>;
  /** Lower-case names that are dropped before a message is stored. */
  sensitiveHeaders: ReadonlySet<string>;
  sensitiveQuery: ReadonlySet<string>;
  type: CompiledExpression | null;
  idempotencyKey: CompiledExpression | null;
  orderingKey: CompiledExpression | null;
  keys: readonly { name: string; expression: CompiledExpression }[];
  /** Problems of a parsed body with the spoke's JSON Schema; empty when it fits or none is set. */
  schemaProblems: (data: unknown) => readonly FieldProblem[];
}

export interface CompiledRoute {
  definition: RouteDefinition;
  when: CompiledExpression | null;
  orderingKey: CompiledExpression | null;
  steps: readonly CompiledStep[];
  /** Only of mode `reply`. */
  call?: CompiledCall | undefined;
}

/** How a route answers who calls it, compiled. */
export interface CompiledCall {
  timeoutMs: number;
  onTimeout: CallEnding;
  onFailure: CallEnding;
  onHangup: CallEnding;
  /** Null: the last step's answer as it is. */
  reply: CompiledReply | null;
  cache: { key: CompiledExpression; ttlMs: number } | null;
}

export interface CompiledReply {
  status: number | CompiledExpression | null;
  headers: readonly { name: string; expression: CompiledExpression }[];
  body: CompiledExpression | null;
}

export interface CompiledStep {
  definition: StepDefinition;
  /** Name of the operation, also where the route leaves it out. */
  operation: string;
  input: CompiledExpression | null;
}

export interface Registry {
  spoke(name: string): CompiledSpoke | null;
  /** Loads again when another process may have changed something that is missing here; many callers share one load. */
  refresh(): Promise<void>;
  /** Enabled routes whose spoke and type match, in the order of their names. */
  routesFor(spoke: string, type: string): readonly CompiledRoute[];
  /** The current version of a route, enabled or not. */
  route(name: string): CompiledRoute | null;
  /** A version that deliveries were made for, also when the route has newer ones or is gone. */
  routeVersion(name: string, version: number): Promise<CompiledRoute | null>;
  /** The open connection of a spoke. @throws HubError `resource.not-found` when the spoke or its kind's delivery is missing */
  connection(spoke: string): Promise<SpokeConnection>;
}
