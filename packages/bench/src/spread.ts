/** Runs that are compared in pairs, and what came of them. */
import { median } from './percentiles.ts';

export interface Spread {
  min: number;
  median: number;
  max: number;
  count: number;
}

/** All NaN of nothing. */
export function spreadOf(values: readonly number[]): Spread {
  const none = values.length === 0;
  return {
    min: none ? Number.NaN : Math.min(...values),
    median: median(values),
    max: none ? Number.NaN : Math.max(...values),
    count: values.length,
  };
}

/** One value per pair: the rounds that both sides finished. */
export function ratios(of: readonly number[], to: readonly number[]): number[] {
  return of.slice(0, to.length).map((value, n) => value / (to[n] ?? Number.NaN));
}

/**
 * Runs every case once a round, in turns: the machine may not be the same a minute later. Who comes first changes from round to round.
 * @param measure one case; null leaves it out of this round
 */
export async function inRounds<N extends string, M>(
  rounds: number,
  names: readonly N[],
  measure: (name: N, round: number) => Promise<M | null>,
): Promise<Map<N, M[]>> {
  const results = new Map<N, M[]>(names.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const name of round % 2 === 1 ? names : [...names].reverse()) {
      const measured = await measure(name, round);
      if (measured !== null) results.get(name)?.push(measured);
    }
  }
  return results;
}
