/** The hot path of the store: every call takes a batch and is one transaction. */

import type { OutcomeKind } from '../delivery/outcome.ts';
import type { HeldBy } from '../delivery/state.ts';
import type { MessageContent } from '../message/message.ts';
import type { BellEntry } from './bell.ts';

export interface NewMessage {
  id: string;
  spoke: string;
  type: string;
  receivedAtMs: number;
  /** Sealed. */
  content: Uint8Array;
  contentType: string;
  /** Bytes of the body. */
  size: number;
  /** The key shown to people; null without one. */
  idempotencyKey: string | null;
  /** What is remembered to recognise a repeat: the key itself and, where it is not signed, the digest. Sorted by the store. */
  idempotencyKeys: readonly string[];
  /** SHA-256 of the body: tells a repeat with another body. */
  digest: Uint8Array;
  idempotencyExpiresAtMs: number;
  correlationId: string | null;
  causationId: string | null;
  orderingKey: string | null;
  traceparent: string | null;
  unrouted: boolean;
  businessKeys: readonly { name: string; hash: Uint8Array }[];
  deliveries: readonly NewDelivery[];
}

export interface NewDelivery {
  id: string;
  route: string;
  routeVersion: number;
  step: number;
  stepName: string;
  spoke: string;
  operation: string;
  state: 'pending' | 'dead' | 'skipped';
  reason: string | null;
  laneKey: string | null;
}

/** Deliveries of a batch that the accepting process takes itself: stored with its lease, as if it had claimed them at once. */
export interface TakenOver {
  owner: string;
  leaseMs: number;
  /** Pending deliveries of the batch; one that must wait for its lane is held all the same, one of a repeat is not stored. */
  ids: ReadonlySet<string>;
}

/** The fencing number of a delivery that was taken over while it was accepted. */
export const FIRST_FENCE = 1;

/** For each message of the batch, in order. */
export interface AcceptResult {
  /** The id of the message that came first, when this one is a repeat; then nothing was stored. */
  duplicateOf: string | null;
  /** True when the repeat carries another body. */
  mismatch: boolean;
  /** Its deliveries that wait for their turn in a lane: nobody needs to be rung for them. Absent when there are none. */
  held?: readonly string[];
}

/** Deliveries to one spoke under one key: one at a time, in order. */
export interface LaneRef {
  spoke: string;
  key: string;
}

export interface ClaimedDelivery {
  id: string;
  messageId: string;
  source: string;
  route: string;
  routeVersion: number;
  step: number;
  stepName: string;
  spoke: string;
  operation: string;
  /** Attempts made before this claim. */
  attemptCount: number;
  /** Attempts that a person's retry wrote off: the policy counts from here. */
  attemptBase: number;
  fence: number;
  /** An earlier request may have left whose outcome is not known: it is looked up first, never just sent. */
  sending: boolean;
  /** Lookups made since the last request left. */
  lookups: number;
  /** Sealed input of an earlier attempt. */
  input: Uint8Array | null;
  replayId: string | null;
  laneKey: string | null;
  createdAtMs: number;
  message: {
    type: string;
    receivedAtMs: number;
    /** Sealed. */
    content: Uint8Array;
    contentType: string;
    correlationId: string | null;
    traceparent: string | null;
    orderingKey: string | null;
  };
  /** The message as this process still has it in memory from accepting it: its content need not be opened and parsed again. */
  opened?: { content: MessageContent; data: unknown };
}

export interface RecordedAttempt {
  id: string;
  number: number;
  startedAtMs: number;
  durationMs: number;
  outcome: OutcomeKind;
  status: number | null;
  detail: string;
  /** Sealed. */
  excerpt: Uint8Array | null;
  /** Milliseconds the system asked to wait; not stored. */
  retryAfterMs?: number | undefined;
}

/** What became of a claimed delivery. */
export interface DeliveryRecord {
  id: string;
  fence: number;
  state: 'pending' | 'retrying' | 'held' | 'unknown' | 'succeeded' | 'dead' | 'skipped' | 'cancelled';
  heldBy: HeldBy | null;
  reason: string | null;
  /** Milliseconds from now until it is due again; null when it is not. */
  delayMs: number | null;
  /** The lane it goes in; null without a key. */
  lane: LaneRef | null;
  /** Sealed; null keeps what is stored. */
  input: Uint8Array | null;
  output: Uint8Array | null;
  attempt: RecordedAttempt | null;
  /** The attempt asked what became of an earlier one and sent nothing: it gets a number, but the policy does not count it. */
  lookup?: boolean;
  /** The attempt was a breaker's probe: it gets a number, but neither the policy nor the number of lookups counts it. */
  spared?: boolean;
  /** The delivery of the next step, inserted with the record. */
  next: (NewDelivery & { messageId: string; source: string; createdAtMs: number; replayId: string | null; replayOf: string | null }) | null;
}

/** A delivery under the number it was claimed with. */
export interface HeldLease {
  id: string;
  fence: number;
}

/** An attempt that is about to leave. */
export interface SendingMark extends HeldLease {
  /** Sealed; stored with the mark, so that what asks later what became of it asks with the same input. Null keeps what is stored. */
  input: Uint8Array | null;
}

/** What became of a lease that ran out. `unknown` with `gaveUp`: too many workers were lost on it, it waits for a person. */
export interface LostLease {
  spoke: string;
  deliveryId: string;
  state: 'pending' | 'unknown' | 'dead';
  /** True when so many workers in a row were lost on it that it is not tried again by itself. */
  gaveUp: boolean;
}

/** What an earlier step of a run answered. */
export interface StepOutput {
  deliveryId: string;
  stepName: string;
  /** Sealed; null when it answered nothing. */
  output: Uint8Array | null;
}

export interface MessageStore {
  /** @throws HubError `store.unavailable` (nothing stored), `store.conflict` (try the batch again), `hub.internal` (something in the batch cannot be stored) */
  accept(batch: readonly NewMessage[], nowMs: number, taken?: TakenOver): Promise<AcceptResult[]>;
  /** Takes the lease of those that are due and free, with their messages: pending, retrying, or unknown with a lookup due. Others are left out. */
  claim(ids: readonly string[], owner: string, leaseMs: number): Promise<ClaimedDelivery[]>;
  /** Claims what is due for a spoke, oldest first, whether it was rung or not. */
  claimDue(spoke: string, limit: number, owner: string, leaseMs: number): Promise<ClaimedDelivery[]>;
  /** Marks attempts as about to leave, for operations that must not be sent twice. Answers the ids that are still ours. */
  markSending(entries: readonly SendingMark[]): Promise<string[]>;
  /** Records results under their fencing numbers. Answers the ids that were still ours; the rest changed nothing. */
  record(batch: readonly DeliveryRecord[]): Promise<string[]>;
  /** Extends the leases this owner still has under these numbers. Answers their ids: what is missing belongs to somebody else by now. */
  renew(leases: readonly HeldLease[], owner: string, leaseMs: number): Promise<string[]>;
  /**
   * Moves lanes on whose head is finished and parks those whose head waits for a person. Called after what changed a head was committed; a call that is lost
   * is made up for by `mendLanes`. Answers the new heads, which are due.
   */
  advanceLanes(lanes: readonly LaneRef[]): Promise<BellEntry[]>;
  /** Ids that could be claimed now, rung or not, at most so many per spoke: for workers whose queue cannot be heard. */
  waiting(perSpoke: number): Promise<{ spoke: string; deliveryId: string }[]>;
  /** Outputs of the earlier steps of a run in their order, for the expressions of a later one. */
  stepOutputs(
    messageId: string,
    deliveryId: string,
    route: string,
    routeVersion: number,
    step: number,
    replayId: string | null,
  ): Promise<StepOutput[]>;
}

/** What the sweep does; held by one process at a time. */
export interface SweepStore {
  /** Rows that are due and were not rung, marked as rung for `graceMs`. */
  ringDue(perSpoke: number, graceMs: number): Promise<{ spoke: string; deliveryId: string }[]>;
  /**
   * Leases that ran out: back to pending, or unknown when the request may have left; both due again. After `LOST_MAX` in a row without a result it is
   * dead, or unknown for a person when the last request may have left.
   */
  expireLeases(): Promise<LostLease[]>;
  /** Holds what waits for paused or disabled spokes. Answers how many. */
  holdPaused(): Promise<number>;
  /** Holds what waits for spokes whose breaker is open. Answers how many. */
  holdBroken(): Promise<number>;
  /** Looks at the next so many lanes, in a circle over all, and advances those that nobody did. Answers the new heads, which are due. */
  mendLanes(limit: number): Promise<BellEntry[]>;
  /** Forgets expired idempotency keys, a bounded number at a time. */
  forgetExpired(limit: number): Promise<number>;
  makePartitions(): Promise<void>;
}
