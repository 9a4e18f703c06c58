/** Our colours as a canvas understands them; read anew when light changes to dark. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import { usePreferences } from '../../i18n/preferences.ts';
import type { ChartTone } from './chart-data.ts';

export interface ChartColours {
  tones: Readonly<Record<ChartTone, string>>;
  text: string;
  grid: string;
  font: string;
}

/** Null until the box is there. */
export function useChartColours(box: RefObject<HTMLElement | null>): ChartColours | null {
  const { theme } = usePreferences();
  const [colours, setColours] = useState<ChartColours | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the variables say
  useLayoutEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const read = () => {
      if (box.current !== null) setColours(readColours(box.current));
    };
    read();
    dark.addEventListener('change', read);
    return () => dark.removeEventListener('change', read);
  }, [box, theme]);
  return colours;
}

/** A variable holds `light-dark(…)` as text; as the colour of an element it is one colour. */
function readColours(box: HTMLElement): ChartColours {
  const probe = document.createElement('span');
  probe.hidden = true;
  box.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found: ChartColours = {
    tones: {
      green: colour('green'),
      blue: colour('blue'),
      grey: colour('grey'),
      amber: colour('amber'),
      slate: colour('slate'),
      violet: colour('violet'),
      red: colour('red'),
      teal: colour('teal'),
      accent: colour('accent'),
      muted: colour('muted'),
    },
    text: colour('text-soft'),
    grid: colour('border'),
    font: `11px ${getComputedStyle(box).fontFamily}`,
  };
  probe.remove();
  return found;
}
