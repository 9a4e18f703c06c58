/** What a call asks of the store beside the hot path: how its run stands when somebody else has it, and an end to what waits. */
import type { OutcomeKind } from '../delivery/outcome.ts';
import type { DeliveryState, HeldBy } from '../delivery/state.ts';
import type { LaneRef } from './message-store.ts';

/** A step's delivery of one run, as it stands. */
export interface RunStep {
  id: string;
  step: number;
  stepName: string;
  spoke: string;
  routeVersion: number;
  state: DeliveryState;
  heldBy: HeldBy | null;
  reason: string | null;
  /** Milliseconds until it may be claimed; 0 = now, null = it is not due by itself. */
  dueInMs: number | null;
  createdAtMs: number;
  /** Sealed. */
  output: Uint8Array | null;
  attempt: { outcome: OutcomeKind; status: number | null } | null;
}

/** A stored message, for the mapping of an answer that is given once more. */
export interface StoredCall {
  spoke: string;
  type: string;
  receivedAtMs: number;
  correlationId: string | null;
  contentType: string;
  /** Sealed. */
  content: Uint8Array;
}

export interface CallStore {
  /** The steps of a message's own run of a route in their order; empty when the route never took it. */
  run(messageId: string, route: string): Promise<RunStep[]>;
  message(id: string): Promise<StoredCall | null>;
  /** The message that has one of these keys of a spoke, or null. */
  known(spoke: string, keys: readonly string[]): Promise<string | null>;
  /** Cancels a delivery that waits and that nobody has. Answers null when it was not possible any more, else the lane it leaves. */
  cancel(id: string, reason: string): Promise<{ lane: LaneRef | null } | null>;
}
