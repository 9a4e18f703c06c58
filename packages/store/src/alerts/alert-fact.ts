/** What a condition found: the subjects for which it holds, with figures and a few ids that show it. */
export interface AlertFact {
  /** `spoke:<name>`, `route:<name>` or `hub`. */
  subject: string;
  /** Null when it is not about a spoke. */
  spoke: string | null;
  /** Figures and names; never data of messages. */
  figures: Readonly<Record<string, string | number | readonly string[] | null>>;
  /** Ids of what shows it, newest first, at most ten. */
  samples: readonly string[];
}

/** A condition with its parameters, durations in milliseconds. */
export type AlertQuestion =
  | { condition: 'dead'; count: number; windowMs: number | null }
  | { condition: 'parked' | 'unknown'; count: number }
  | { condition: 'breaker' | 'ledger' | 'retryBudget' | 'retention' }
  | { condition: 'backlog'; olderThanMs: number }
  | { condition: 'errorShare'; share: number; minimum: number; windowMs: number }
  | { condition: 'signIns'; count: number; windowMs: number }
  | { condition: 'silent'; factor: number; minimumMs: number };
