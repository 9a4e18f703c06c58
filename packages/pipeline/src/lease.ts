/** What a delivery under way knows of its lease. Kept by the worker's monotonic clock: a process that was stopped and woken up finds it run out. */
export interface Lease {
  /** False once another worker may have taken the delivery: nothing may leave any more. */
  holds(): boolean;
}

/** For callers whose deliveries cannot outlive their lease. */
export const HELD: Lease = { holds: () => true };
