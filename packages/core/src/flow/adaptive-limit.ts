/** Additive increase, multiplicative decrease of what runs at once, for systems that say "too much" without saying for how long (as TCP does, RFC 5681). */

/** Refusals that come together count as one: they left before the limit was lowered. */
const HALVE_EVERY_MS = 1_000;

export class AdaptiveLimit {
  #allowed: number;
  #answered = 0;
  #halvedAtMs = Number.NEGATIVE_INFINITY;

  constructor(concurrency: number) {
    this.#allowed = concurrency;
  }

  get allowed(): number {
    return this.#allowed;
  }

  /** The system refused for being too busy. @param nowMs monotonic */
  refused(nowMs: number): void {
    this.#answered = 0;
    if (nowMs - this.#halvedAtMs < HALVE_EVERY_MS) return;
    this.#halvedAtMs = nowMs;
    this.#allowed = Math.max(1, Math.floor(this.#allowed / 2));
  }

  /** The system took one. One more at once is allowed for each full round. True when the limit rose. */
  took(): boolean {
    this.#answered += 1;
    if (this.#answered < this.#allowed) return false;
    this.#answered = 0;
    this.#allowed += 1;
    return true;
  }
}
