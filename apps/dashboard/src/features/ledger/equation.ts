/** The equation of the ledger: what was accepted is what became of it, nothing left over. */
import type { Ledger } from '@nave/api-schema';

/** In the order in which they are told: what is over, what goes on, what waits for people. */
export const LEDGER_TERMS = [
  'succeeded',
  'filtered',
  'skipped',
  'compensated',
  'cancelled',
  'running',
  'waiting',
  'held',
  'unknown',
  'dead',
] as const;
export type LedgerTerm = (typeof LEDGER_TERMS)[number];
type Counts = Ledger['totals'];

export interface Equation {
  accepted: number;
  /** Those that are not 0. */
  terms: readonly { term: LedgerTerm; count: number }[];
  /** Accepted, but not counted again yet: nobody knows whether they are there. */
  unchecked: number;
  /** Accepted and counted again, but not found; negative for a surplus. */
  difference: number;
}

export function equationOf(counts: Counts): Equation {
  return {
    accepted: counts.accepted,
    terms: LEDGER_TERMS.map((term) => ({ term, count: counts[term] })).filter(({ count }) => count !== 0),
    unchecked: counts.unchecked,
    difference: counts.difference,
  };
}

export type Balance =
  /** Everything was counted again, and is there. */
  | { kind: 'whole' }
  /** Nothing is known to be missing, but not everything was counted again yet. */
  | { kind: 'unchecked'; runs: number; messages: number }
  | { kind: 'missing'; missing: number; surplus: number; counters: number };

/** What the ledger says, without saying more than it knows. */
export function balanceOf({ ok, totals, messages, differences }: Pick<Ledger, 'ok' | 'totals' | 'messages' | 'differences'>): Balance {
  if (!ok || differences.length > 0 || totals.difference !== 0 || messages.difference !== 0) {
    const rows = differences.filter(({ kind }) => kind !== 'counters');
    const sum = (sign: 1 | -1) => rows.reduce((total, { missing }) => total + Math.max(0, sign * missing), 0);
    const totalOf = (sign: 1 | -1) => Math.max(0, sign * totals.difference) + Math.max(0, sign * messages.difference);
    return {
      ...{ kind: 'missing', missing: Math.max(sum(1), totalOf(1)), surplus: Math.max(sum(-1), totalOf(-1)) },
      counters: differences.length - rows.length,
    };
  }
  if (totals.unchecked > 0 || messages.unchecked > 0) return { kind: 'unchecked', runs: totals.unchecked, messages: messages.unchecked };
  return { kind: 'whole' };
}
