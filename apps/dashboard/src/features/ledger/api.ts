/** What the overview borrows of the ledger. */
export { BalanceWords } from './balance-words.tsx';
export { LedgerEquation } from './ledger-equation.tsx';
export { ledgerQuery } from './use-ledger.ts';
