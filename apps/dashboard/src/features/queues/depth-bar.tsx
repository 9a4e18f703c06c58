/** How much waits, by state: a stacked bar, and the numbers with the signs of their states. */
import type { Queue } from '@nave/api-schema';
import type { CSSProperties } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { StateBadge, stateSign, stateTone, useStateWord } from '../../parts/state-badge.tsx';
import styles from './queues.module.css';
import { useQueueTexts } from './texts.ts';

export const DEPTH_STATES = ['active', 'pending', 'retrying', 'held', 'unknown', 'dead'] as const;

/**
 * @param props.most the longest queue of the list, so that bars can be compared (by the root of their length: short ones stay visible)
 */
export function DepthBar({ depth, most }: { depth: Queue['depth']; most: number }) {
  const t = useQueueTexts();
  const format = useFormat();
  const word = useStateWord();
  const present = DEPTH_STATES.filter((state) => depth[state] > 0);
  const total = present.reduce((sum, state) => sum + depth[state], 0);
  if (total === 0) return <span className="soft">{t.nothing}</span>;
  const bar: CSSProperties = { width: `${Math.max(8, 100 * Math.sqrt(total / Math.max(total, most)))}%` };
  return (
    <span className={styles['depth']}>
      <span className={styles['track']} aria-hidden>
        <span className={styles['bar']} style={bar}>
          {present.map((state) => (
            <span key={state} style={{ flexGrow: depth[state], background: `var(--${stateTone(state)})` }} />
          ))}
        </span>
      </span>
      <span className={styles['counts']}>
        {present.map((state) => (
          <span key={state} style={{ color: `var(--${stateTone(state)})` }} title={`${word(state)}: ${format.number(depth[state])}`}>
            <span aria-hidden>{stateSign(state)}</span>
            <span className="visually-hidden">{word(state)}</span> {format.compact(depth[state])}
          </span>
        ))}
      </span>
    </span>
  );
}

/** What the colours and signs of the bars mean. */
export function DepthLegend() {
  const t = useQueueTexts();
  return (
    <ul className={styles['legend']} aria-label={t.legend}>
      {DEPTH_STATES.map((state) => (
        <li key={state}>
          <StateBadge state={state} bare />
        </li>
      ))}
    </ul>
  );
}
