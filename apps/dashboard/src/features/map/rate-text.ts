/** A rate in the unit that says something: `12.3/s`, `4/min`. */
import type { Format } from '../../i18n/format.ts';

/** Below this many a second, a minute says more. */
const SLOW = 0.5;

export function rateText(perSecond: number, format: Pick<Format, 'number' | 'rate'>): string {
  if (perSecond <= 0 || perSecond >= SLOW) return format.rate(perSecond);
  return `${format.number(perSecond * 60)}/min`;
}
