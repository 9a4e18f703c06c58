/** A call's turn at a spoke: what keeps deliveries back keeps calls back too, but somebody waits for them. */

export type TurnAnswer =
  | { kind: 'turn'; end: () => void }
  /** The spoke takes nothing for so long. */
  | { kind: 'held'; forMs: number }
  /** The signal was aborted first. */
  | { kind: 'left' };

export interface Hold {
  /** Milliseconds until it may be over, as far as anybody knows. */
  forMs: number;
  /** `patience`: the system asked to be left alone for a moment. `probe`: the breaker is open and waits for something to try it with. */
  why: 'closed' | 'patience' | 'probe';
}

export interface Turns {
  /** What keeps the spoke from being called at the moment; null when nothing but its limits does. */
  hold(spoke: string): Hold | null;
  /** Waits for room within the spoke's limits. @param leftMs that the caller can still wait */
  take(spoke: string, leftMs: number, signal: AbortSignal): Promise<TurnAnswer>;
}
