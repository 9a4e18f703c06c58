/** How a route is: its sign, its colour, its word. */
import { linkLook, useLinkWord } from './link-look.ts';
import styles from './map.module.css';
import type { LinkState as State } from './map-model.ts';

export function LinkState({ state }: { state: State }) {
  const word = useLinkWord();
  const { sign, colour } = linkLook(state);
  const quiet = state === 'idle' || state === 'disabled';
  return (
    <span className={styles['linkState']} style={{ color: quiet ? 'var(--text-soft)' : colour }} data-state={state}>
      <span aria-hidden>{sign}</span> {word(state)}
    </span>
  );
}
