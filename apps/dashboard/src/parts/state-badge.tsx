/** A state: everywhere the same colour, sign and word. */
import type { CSSProperties } from 'react';
import { defineTexts } from '../i18n/texts.ts';
import type { Tone } from './note.tsx';
import styles from './state-badge.module.css';

const LOOKS: Readonly<Record<string, readonly [Tone | 'muted', string]>> = {
  // deliveries
  succeeded: ['green', '✓'],
  active: ['blue', '▸'],
  pending: ['grey', '○'],
  retrying: ['amber', '↻'],
  held: ['slate', '❚❚'],
  unknown: ['violet', '?'],
  dead: ['red', '✕'],
  skipped: ['muted', '–'],
  cancelled: ['muted', '–'],
  compensated: ['teal', '↩'],
  // messages
  accepted: ['blue', '▸'],
  completed: ['green', '✓'],
  failed: ['red', '✕'],
  unrouted: ['amber', '∅'],
  // breakers and switches
  closed: ['green', '✓'],
  open: ['red', '✕'],
  'half-open': ['amber', '◐'],
  paused: ['slate', '❚❚'],
  disabled: ['muted', '–'],
  healthy: ['green', '✓'],
  idle: ['grey', '○'],
  throttled: ['amber', '◔'],
  // attempts
  ok: ['green', '✓'],
  rejected: ['red', '✕'],
  invalid: ['red', '✕'],
  fault: ['red', '✕'],
  timeout: ['amber', '◷'],
  unreachable: ['red', '⌁'],
  // alerts and replays
  firing: ['red', '▲'],
  resolved: ['green', '✓'],
  running: ['blue', '▸'],
  stopped: ['muted', '■'],
  done: ['green', '✓'],
  info: ['blue', 'ℹ'],
  warning: ['amber', '▲'],
  critical: ['red', '▲'],
};

const useTexts = defineTexts({
  en: {
    words: {
      closed: 'healthy',
      open: 'circuit open',
      'half-open': 'probing',
    } as Readonly<Record<string, string>>,
  },
  cs: {
    words: {
      succeeded: 'doručeno',
      active: 'odesílá se',
      pending: 'čeká',
      retrying: 'opakuje se',
      held: 'pozdrženo',
      unknown: 'neznámé',
      dead: 'mrtvé',
      skipped: 'přeskočeno',
      cancelled: 'zrušeno',
      compensated: 'vyrovnáno',
      accepted: 'přijato',
      completed: 'hotovo',
      failed: 'selhalo',
      unrouted: 'bez trasy',
      closed: 'v pořádku',
      open: 'přerušeno',
      'half-open': 'zkouší se',
      paused: 'pozastaveno',
      disabled: 'vypnuto',
      healthy: 'v pořádku',
      idle: 'nečinné',
      throttled: 'přibrzděno',
      ok: 'v pořádku',
      rejected: 'odmítnuto',
      invalid: 'neplatné',
      fault: 'chyba',
      timeout: 'bez odpovědi',
      unreachable: 'nedostupné',
      firing: 'hlásí se',
      resolved: 'vyřešeno',
      running: 'běží',
      stopped: 'zastaveno',
      done: 'hotovo',
      info: 'informace',
      warning: 'varování',
      critical: 'kritické',
    } as Readonly<Record<string, string>>,
  },
});

/** The word for a state in the chosen language. */
export function useStateWord(): (state: string) => string {
  const { words } = useTexts();
  return (state) => words[state] ?? state;
}

/** The colours of a state, for charts and maps: CSS variables. */
export function stateTone(state: string): Tone | 'muted' {
  return LOOKS[state]?.[0] ?? 'grey';
}

/** The sign of a state, where there is no room for its word; say the word in a title or beside it. */
export function stateSign(state: string): string {
  return LOOKS[state]?.[1] ?? '·';
}

/** @param props.count shown after the word. @param props.bare without the background, for dense tables */
export function StateBadge({ state, count, bare = false }: { state: string; count?: string; bare?: boolean }) {
  const word = useStateWord();
  const [tone, sign] = LOOKS[state] ?? ['grey', '·'];
  const style: CSSProperties & Record<'--tone' | '--tone-soft', string> = {
    '--tone': `var(--${tone})`,
    '--tone-soft': `var(--${tone}-soft)`,
  };
  return (
    <span className={`${styles['badge']} ${bare ? styles['bare'] : ''}`} style={style} data-state={state}>
      <span aria-hidden>{sign}</span>
      {word(state)}
      {count === undefined ? null : <span className="numbers">{count}</span>}
    </span>
  );
}
