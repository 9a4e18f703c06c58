/** The hot path of the store: every call takes a batch and is one transaction. */

import type { OutcomeKind } from '../delivery/outcome.ts';
import type { HeldBy } from '../delivery/state.ts';

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

/** For each message of the batch, in order. */
export interface AcceptResult {
  /** The id of the message that came first, when this one is a repeat; then nothing was stored. */
  duplicateOf: string | null;
  /** True when the repeat carries another body. */
  mismatch: boolean;
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
}

/** What became of a claimed delivery. */
export interface DeliveryRecord {
  id: string;
  fence: number;
  state: 'pending' | 'retrying' | 'held' | 'unknown' | 'succeeded' | 'dead' | 'skipped';
  heldBy: HeldBy | null;
  reason: string | null;
  /** Milliseconds from now until it is due again; null when it is not. */
  delayMs: number | null;
  /** Sealed; null keeps what is stored. */
  input: Uint8Array | null;
  output: Uint8Array | null;
  attempt: RecordedAttempt | null;
  /** The delivery of the next step, inserted with the record. */
  next: (NewDelivery & { messageId: string; source: string; createdAtMs: number; replayId: string | null; replayOf: string | null }) | null;
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
  accept(batch: readonly NewMessage[], nowMs: number): Promise<AcceptResult[]>;
  /** Takes the lease of those that are due and free, with their messages. Others are left out. */
  claim(ids: readonly string[], owner: string, leaseMs: number): Promise<ClaimedDelivery[]>;
  /** Claims what is due for a spoke, oldest first, whether it was rung or not. */
  claimDue(spoke: string, limit: number, owner: string, leaseMs: number): Promise<ClaimedDelivery[]>;
  /** Marks attempts as about to leave, for operations that are never idempotent. Answers the ids that are still ours. */
  markSending(entries: readonly { id: string; fence: number }[]): Promise<string[]>;
  /** Records results under their fencing numbers. Answers the ids that were still ours; the rest changed nothing. */
  record(batch: readonly DeliveryRecord[]): Promise<string[]>;
  /** Extends the leases this owner still has. */
  renew(ids: readonly string[], owner: string, leaseMs: number): Promise<void>;
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
  /** Leases that ran out: back to pending, or unknown when the request had left. */
  expireLeases(): Promise<{ spoke: string; deliveryId: string; state: 'pending' | 'unknown' }[]>;
  /** Holds what waits for paused or disabled spokes. Answers how many. */
  holdPaused(): Promise<number>;
  /** Releases what is held by a pause that is over. */
  releaseResumed(): Promise<number>;
  /** Forgets expired idempotency keys, a bounded number at a time. */
  forgetExpired(limit: number): Promise<number>;
  makePartitions(): Promise<void>;
}
