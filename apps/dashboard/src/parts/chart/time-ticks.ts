/** What stands at the marks of a time axis: as much of the moment as the distance between marks needs. */
import type { Language } from '../../i18n/preferences.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** @param stepMs between two marks */
export function timeTicks(moments: readonly number[], stepMs: number, language: Language, timeZone: string): string[] {
  const clock = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    ...(stepMs < MINUTE_MS ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
    timeZone,
  });
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone });
  let before = '';
  return moments.map((at) => {
    const today = day.format(at);
    const changed = before !== '' && today !== before;
    before = today;
    return stepMs >= DAY_MS || changed ? today : clock.format(at);
  });
}
