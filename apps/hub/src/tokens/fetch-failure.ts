/** Fetches that failed: what of it other workers may know, and what a delivery is told that cannot have a token now. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OUTCOME_KINDS, type Outcome } from '@nave/core';

export interface Failed {
  ok: false;
  outcome: Outcome;
}

const RETRY_AFTER_MS = 2_000;

/** Neither the spoke's fault nor a refusal: the delivery comes back in a moment, its request was not sent. */
export function retryLater(detail: string): Failed {
  return { ok: false, outcome: { kind: 'throttled', status: null, detail, sent: false, retryAfterMs: RETRY_AFTER_MS } };
}

/** The answer of a fetch that does not end by itself. */
export async function giveUp(afterMs: number): Promise<Failed> {
  await sleep(afterMs, undefined, { ref: false });
  return { ok: false, outcome: { kind: 'timeout', status: null, detail: `no token within ${afterMs} ms`, sent: false } };
}

/** What is stored of an outcome: nothing of the answer. */
export function failureOf({ kind, detail, retryAfterMs }: Outcome): unknown {
  return { kind, detail: detail.slice(0, 500), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The outcome that was stored; null for anything else. */
export function failureOutcome(stored: unknown): Outcome | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const [kind, detail, retryAfterMs]: unknown[] = ['kind', 'detail', 'retryAfterMs'].map((field) => Reflect.get(stored, field));
  const known = OUTCOME_KINDS.find((each) => each === kind);
  if (known === undefined || known === 'ok' || typeof detail !== 'string') return null;
  return { kind: known, status: null, detail, sent: false, ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}) };
}
