/** One number with all that makes it honest: its unit, the window it is about, and as of when. */
import type { CSSProperties, ReactNode } from 'react';
import { useFormat } from '../i18n/format.ts';
import { defineTexts } from '../i18n/texts.ts';
import type { Tone } from './note.tsx';
import styles from './stat.module.css';
import { Time } from './time.tsx';

const useTexts = defineTexts({
  en: { missing: 'no data', asOf: 'as of' },
  cs: { missing: 'bez dat', asOf: 'stav' },
});

export interface StatProps {
  label: string;
  /** Null or undefined is shown as missing, never as 0. Numbers are localised; give words for spans, sizes and percents. */
  value: number | string | null | undefined;
  /** `messages`, `/s`. */
  unit?: string;
  /** `last hour`. */
  window?: string;
  /** ISO time; null: unknown. */
  asOf?: string | null;
  /** Colours the number; the words beside it must say the same. */
  tone?: Tone;
  /** More under it: what it was before, a link to what it counts. */
  children?: ReactNode;
}

export function Stat({ label, value, unit, window, asOf, tone, children }: StatProps) {
  const t = useTexts();
  const format = useFormat();
  const missing = value === null || value === undefined;
  const style: CSSProperties = tone === undefined || missing ? {} : { color: `var(--${tone})` };
  return (
    <dl className={styles['stat']}>
      <dt className={styles['label']}>{label}</dt>
      <dd className={styles['value']} style={style} title={typeof value === 'number' ? format.number(value) : undefined}>
        {missing ? <span className={styles['missing']}>{t.missing}</span> : typeof value === 'number' ? format.compact(value) : value}
        {missing || unit === undefined ? null : <span className={styles['unit']}>{unit}</span>}
      </dd>
      {window === undefined && asOf === undefined ? null : (
        <dd className={styles['window']}>
          {window}
          {asOf ? (
            <>
              {window === undefined ? '' : ' · '}
              {t.asOf} <Time at={asOf} show="clock" />
            </>
          ) : null}
        </dd>
      )}
      {children === undefined ? null : <dd className={styles['more']}>{children}</dd>}
    </dl>
  );
}
