/** How links of the map look by their state: a colour, a sign, a dash; and the word. */
import { stateSign, stateTone, useStateWord } from '../../parts/state-badge.tsx';
import type { LinkState } from './map-model.ts';
import { useMapTexts } from './texts.ts';

const DASHES: Partial<Readonly<Record<LinkState, string>>> = {
  open: '2 5',
  'half-open': '2 5',
  paused: '9 5',
  throttled: '9 3 2 3',
  disabled: '1 6',
};

export function linkLook(state: LinkState): { colour: string; sign: string; dash: string | undefined } {
  const quiet = state === 'idle' || state === 'disabled';
  return {
    // A quiet link is only drawn, not said.
    colour: quiet ? 'var(--border-strong)' : `var(--${stateTone(state)})`,
    sign: stateSign(state),
    dash: DASHES[state],
  };
}

/** Whether something keeps the link from flowing. */
export function isTroubled(state: LinkState): boolean {
  return state !== 'healthy' && state !== 'idle' && state !== 'disabled';
}

export function useLinkWord(): (state: LinkState) => string {
  const { linkStates } = useMapTexts();
  const word = useStateWord();
  return (state) => linkStates[state] ?? word(state);
}
