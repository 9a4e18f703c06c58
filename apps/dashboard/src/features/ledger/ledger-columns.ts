/** Columns of the table of counts: the route, its minute, and a column for each state something is in. */
import type { Ledger } from '@nave/api-schema';
import { LEDGER_TERMS, type LedgerTerm } from './equation.ts';

export type LedgerRow = Ledger['items'][number];

/** Always shown, so that the table keeps its form on a quiet hub. */
const ALWAYS: readonly LedgerTerm[] = ['succeeded', 'waiting', 'dead'];

/** States that some row has a count in. */
export function usedTerms(rows: readonly LedgerRow[]): LedgerTerm[] {
  return LEDGER_TERMS.filter((term) => ALWAYS.includes(term) || rows.some((row) => row[term] !== 0));
}

export function ledgerRowKey({ route, minute }: LedgerRow): string {
  return `${minute ?? ''} ${route}`;
}
