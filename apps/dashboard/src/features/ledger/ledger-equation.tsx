/** The totals as an equation, in words and numbers, for eyes and for screen readers. */
import type { Ledger } from '@nave/api-schema';
import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { stateTone } from '../../parts/state-badge.tsx';
import { equationOf } from './equation.ts';
import styles from './ledger.module.css';
import { useLedgerTexts } from './texts.ts';

/** What a term is the state of, where its colour differs from its name. */
const TONES: Readonly<Record<string, string>> = { running: 'active', waiting: 'pending', filtered: 'skipped' };

export function LedgerEquation({ totals }: { totals: Ledger['totals'] }) {
  const t = useLedgerTexts();
  const { accepted, terms, unchecked, difference } = equationOf(totals);
  const extra = [
    ...(unchecked === 0 ? [] : [{ key: 'unchecked', count: unchecked, word: t.unchecked, tone: 'grey' }]),
    ...(difference === 0 ? [] : [{ key: 'difference', count: difference, word: difference > 0 ? t.difference : t.surplus, tone: 'red' }]),
  ];
  const all = [
    ...terms.map(({ term, count }) => ({ key: term, count, word: t.terms[term], tone: stateTone(TONES[term] ?? term) })),
    ...extra,
  ];
  return (
    <div className={styles['equation']}>
      <Term count={accepted} word={t.accepted} />
      {all.map(({ key, count, word, tone }, index) => (
        <span key={key} className={styles['pair']}>
          <span className={styles['sign']}>{index === 0 ? '=' : count < 0 ? '−' : '+'}</span>
          <Term count={Math.abs(count)} word={word} tone={tone} />
        </span>
      ))}
    </div>
  );
}

export function Term({ count, word, tone }: { count: number; word: ReactNode; tone?: string }) {
  const format = useFormat();
  return (
    <span className={styles['term']}>
      <b style={tone === undefined ? {} : { color: `var(--${tone})` }}>{format.number(count)}</b>
      <span>{word}</span>
    </span>
  );
}
