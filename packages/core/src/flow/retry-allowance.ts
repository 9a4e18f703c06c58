/** A spoke's budget of retries: a share of its first attempts, and always so many a minute. What is beyond waits longer; nothing is dropped. */
import type { RetryBudget } from '../spoke/policy.ts';

/** A retry is put off by this at most, however empty the budget. */
export const BUDGET_DELAY_MAX_MS = 600_000;

/** Tokens that can be saved up, in minutes of the floor; at least a handful. */
const SAVED_MINUTES = 2;
const SAVED_MIN = 10;

export class RetryAllowance {
  #tokens: number;
  #atMs: number;
  #terms: RetryBudget;

  /** Starts full: the first failures of a spoke are not a storm. */
  constructor(terms: RetryBudget, nowMs: number) {
    this.#terms = terms;
    this.#tokens = this.#most();
    this.#atMs = nowMs;
  }

  /** Terms may change with the configuration; what was saved stays, within the new bound. */
  follow(terms: RetryBudget): void {
    this.#terms = terms;
  }

  /** A first attempt was made. */
  earn(): void {
    this.#tokens = Math.min(this.#most(), this.#tokens + this.#terms.ratio);
  }

  /**
   * Takes one retry. Answers the milliseconds it must wait at least: 0 while the budget lasts, then spread, so that those put off do not come together.
   * @param random in [0, 1)
   */
  take(nowMs: number, random: number): number {
    const { perMinute } = this.#terms;
    const refill = (Math.max(0, nowMs - this.#atMs) * perMinute) / 60_000;
    this.#tokens = Math.min(this.#most(), this.#tokens + refill);
    this.#atMs = nowMs;
    // A debt beyond the longest delay would never be paid: it stops there.
    this.#tokens = Math.max(-(perMinute * BUDGET_DELAY_MAX_MS) / 60_000, this.#tokens - 1);
    if (this.#tokens >= 0) return 0;
    const owed = perMinute === 0 ? BUDGET_DELAY_MAX_MS : Math.min(BUDGET_DELAY_MAX_MS, (-this.#tokens * 60_000) / perMinute);
    return Math.round(Math.min(BUDGET_DELAY_MAX_MS, owed * (0.75 + random * 0.5)));
  }

  #most(): number {
    return Math.max(SAVED_MIN, this.#terms.perMinute * SAVED_MINUTES);
  }
}
