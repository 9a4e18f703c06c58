/** A message: what arrived, accepted once. */
export type MessageState = 'accepted' | 'completed' | 'failed' | 'unrouted';
export const MESSAGE_STATES: readonly MessageState[] = ['accepted', 'completed', 'failed', 'unrouted'];

/** What the hub keeps of the request beside the body; stored sealed together with it. */
export interface MessageContent {
  /** Kept headers: credentials, cookies and signatures are dropped before. */
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  method: string;
  /** Below `/call/{route}`, without its leading slash; only of calls. */
  path?: string | undefined;
  /** The exact bytes of the body (of `data` for published messages). */
  body: Uint8Array;
}

/** What route, step and mapping expressions see as their root. */
export interface ExpressionRoot {
  id: string;
  type: string;
  source: string;
  data: unknown;
  headers: Readonly<Record<string, string>>;
  /** RFC 3339, UTC. */
  receivedAt: string;
  correlationId: string | null;
  /** Parsed answers of earlier steps by step name. */
  steps: Readonly<Record<string, unknown>>;
}
