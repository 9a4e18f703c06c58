/** How one attempt ended, as a value. Adapters answer with it; only `next-step.ts` decides what follows. */
export const OUTCOME_KINDS = ['ok', 'rejected', 'throttled', 'timeout', 'unreachable', 'fault', 'invalid', 'unknown'] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

export interface Outcome {
  kind: OutcomeKind;
  /** The protocol's status (HTTP status code), or null when there was no answer. */
  status: number | null;
  /** One readable line without secrets or bodies: what happened. */
  detail: string;
  /** Whether the request may have reached the other system (a byte of it left and no answer decided). Only asked for when there was no answer. */
  sent: boolean;
  /** Milliseconds to wait as told by the system (`Retry-After` and its kin), counted from the answer. */
  retryAfterMs?: number | undefined;
  /** The answer, for later steps, `$response` and the record. */
  response?: OutcomeResponse | undefined;
  /** What was sent, for the record: redacted by the adapter, first bytes only. */
  request?: ExchangeExcerpt | undefined;
}

export interface OutcomeResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  contentType: string;
  body: Uint8Array;
}

/** What an attempt keeps of a request; credentials are already replaced by `[redacted]`. */
export interface ExchangeExcerpt {
  line: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** Whether repeating an operation is harmless: `always`; `key` = with the same idempotency key; `never`. */
export type Idempotency = 'always' | 'key' | 'never';
