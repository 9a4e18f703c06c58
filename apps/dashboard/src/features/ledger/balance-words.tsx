/** Whether anything is missing, in a sentence. */
import type { Ledger } from '@nave/api-schema';
import { balanceOf } from './equation.ts';
import styles from './ledger.module.css';
import { useLedgerTexts } from './texts.ts';

export function BalanceWords({ ledger }: { ledger: Ledger }) {
  const t = useLedgerTexts();
  const balance = balanceOf(ledger);
  if (balance.kind === 'missing') {
    const words = [
      ...(balance.missing > 0 ? [t.missing(balance.missing)] : []),
      ...(balance.surplus > 0 ? [t.tooMany(balance.surplus)] : []),
      ...(balance.counters > 0 ? [t.countersBroken] : []),
    ];
    return <strong className={styles['red']}>✕ {t.brokenAnswer(words.join(', '))}</strong>;
  }
  if (ledger.totals.accepted === 0 && ledger.messages.accepted === 0) return t.nothingAccepted;
  if (balance.kind === 'unchecked') return t.uncheckedAnswer(Math.max(balance.runs, balance.messages));
  return <strong className={styles['green']}>✓ {t.whole}</strong>;
}
