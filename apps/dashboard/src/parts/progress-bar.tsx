/** How far something long is, as a bar and in words. */
import type { CSSProperties, ReactNode } from 'react';
import { useFormat } from '../i18n/format.ts';
import type { Tone } from './note.tsx';
import styles from './progress-bar.module.css';

export interface ProgressBarProps {
  label: string;
  /** Done so far; null while nobody knows. */
  value: number | null;
  /** Default 1: then the value is a share. */
  max?: number;
  tone?: Tone;
  /** In place of the percent: `41 of 120 retried`. */
  text?: ReactNode;
  hideLabel?: boolean;
}

export function ProgressBar({ label, value, max = 1, tone = 'blue', text, hideLabel = false }: ProgressBarProps) {
  const format = useFormat();
  const share = value === null || max <= 0 ? null : Math.min(1, Math.max(0, value / max));
  const fill: CSSProperties = { width: share === null ? '35%' : `${share * 100}%`, background: `var(--${tone})` };
  return (
    <div className={styles['progress']}>
      <div className={styles['words']}>
        <span className={hideLabel ? 'visually-hidden' : undefined}>{label}</span>
        <span className="soft numbers">{text ?? (share === null ? null : format.percent(share))}</span>
      </div>
      <div
        className={styles['track']}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(share === null ? {} : { 'aria-valuenow': Math.floor(share * 100) })}
        {...(typeof text === 'string' ? { 'aria-valuetext': text } : {})}
      >
        <div className={`${styles['fill']} ${share === null ? styles['moving'] : ''}`} style={fill} />
      </div>
    </div>
  );
}
