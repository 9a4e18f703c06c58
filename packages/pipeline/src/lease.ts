/** What a delivery under way knows of its lease. Kept by the worker's monotonic clock: a process that was stopped and woken up finds it run out. */
export interface Lease {
  /** False once another worker may have taken the delivery: nothing may leave any more. */
  holds(): boolean;
  /** Calls back once when another worker is known to have it: what is under way is to be broken off. */
  onLost?(listener: () => void): void;
}

/** For callers whose deliveries cannot outlive their lease. */
export const HELD: Lease = { holds: () => true };
