/** The retry budgets of this process's spokes: what a retry must wait at least. */
import { RetryAllowance, type SpokePolicy } from '@nave/core';

export interface RetryBudgets {
  /** A first attempt was made. */
  earn(spoke: string, policy: SpokePolicy): void;
  /** Takes one retry; milliseconds it must wait at least, 0 while the budget lasts. */
  take(spoke: string, policy: SpokePolicy): number;
}

/** @param random in [0, 1) */
export function createRetryBudgets(random: () => number, now: () => number = () => performance.now()): RetryBudgets {
  const budgets = new Map<string, RetryAllowance>();

  function of(spoke: string, { retryBudget }: SpokePolicy): RetryAllowance {
    const known = budgets.get(spoke);
    if (known !== undefined) {
      known.follow(retryBudget);
      return known;
    }
    const fresh = new RetryAllowance(retryBudget, now());
    budgets.set(spoke, fresh);
    return fresh;
  }

  return {
    // Without an entry the budget is full: nothing to earn.
    earn: (spoke, policy) => {
      if (budgets.has(spoke)) of(spoke, policy).earn();
    },
    take: (spoke, policy) => of(spoke, policy).take(now(), random()),
  };
}
