/** What stands between a spoke's waiting deliveries and a worker's free slots: shared concurrency, rate, breaker, back-off. The narrowest decides. */
export interface SpokeGate {
  /**
   * How many of `wanted` further deliveries of a spoke may start now, from memory and at once.
   * A gate that gives less than `wanted` calls `onRoom` when that may have changed.
   */
  room(spoke: string, wanted: number, active: number): number;
  /** So many deliveries started: what they need is taken. Follows `room` in the same turn, with at most what it gave. */
  started(spoke: string, count: number): void;
  /** So many ended, or were asked for and not claimed. */
  ended(spoke: string, count: number): void;
  /** Of those that started, so many were not sent after all (somebody else had claimed them). `ended` follows for them too. */
  unused?(spoke: string, count: number): void;
  /** @param listener called with a spoke that may have room again */
  onRoom(listener: (spoke: string) => void): void;
  close(): Promise<void>;
}
