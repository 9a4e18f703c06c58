/** How a route is, in the signs and colours that states have everywhere. */
import type { CSSProperties } from 'react';
import { stateSign, stateTone } from '../../parts/state-badge.tsx';
import { useListTexts } from './list-texts.ts';
import type { RouteState } from './route-row.ts';
import styles from './routes.module.css';

/** A failing route looks like what failed on it. */
const LIKE: Readonly<Record<RouteState, string>> = { failing: 'dead', healthy: 'healthy', idle: 'idle', disabled: 'disabled' };

export function RouteStateBadge({ state }: { state: RouteState }) {
  const { states } = useListTexts();
  const tone = stateTone(LIKE[state]);
  const style: CSSProperties = { color: `var(--${tone})`, background: `var(--${tone}-soft)` };
  return (
    <span className={styles['badge']} style={style} data-state={state}>
      <span aria-hidden>{stateSign(LIKE[state])}</span> {states[state]}
    </span>
  );
}
