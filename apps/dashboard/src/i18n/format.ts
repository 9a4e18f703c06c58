/** Numbers, sizes, spans and moments as people of the chosen language and time zone write them. */
import { type Preferences, timeZoneOf, usePreferences } from './preferences.ts';

export interface Format {
  number(value: number): string;
  /** `12.3k` where there is little room; the whole number belongs into a title. */
  compact(value: number): string;
  /** @param share 0 to 1 */
  percent(share: number): string;
  bytes(count: number): string;
  /** `340 ms`, `2.4 s`, `3 min`, `5 h`, `2 d`. */
  span(ms: number): string;
  /** `12.3/s`. */
  rate(perSecond: number): string;
  /** `21 Nov 2026, 14:03:27.123 CET`. */
  exact(at: string | number): string;
  /** `14:03:27`, with the day when it is not today. */
  clock(at: string | number): string;
  /** `3 minutes ago`, `in 2 hours`, `just now`. */
  relative(at: string | number, nowMs: number): string;
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** What is less than a second away; Intl would call it `in 0 seconds`. */
const NOW: Readonly<Record<Preferences['language'], string>> = { en: 'just now', cs: 'právě teď' };

let last: { chosen: Preferences; format: Format } | null = null;

/** One for all who ask: making it takes longer than drawing a row of a table. */
export function useFormat(): Format {
  const chosen = usePreferences();
  if (last?.chosen !== chosen) last = { chosen, format: formatOf(chosen) };
  return last.format;
}

function formatOf(chosen: Preferences): Format {
  const { language } = chosen;
  const day = { year: 'numeric', month: 'short', day: 'numeric' } as const;
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const number = onUse(() => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }));
  const compact = onUse(() => new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }));
  const percent = onUse(() => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }));
  const relative = onUse(() => new Intl.RelativeTimeFormat(language, { numeric: 'always' }));
  const dates = (options: Intl.DateTimeFormatOptions, of: string = language) =>
    onUse(() => new Intl.DateTimeFormat(of, { ...options, timeZone: timeZoneOf(chosen) }));
  const exact = dates({ ...day, ...time, fractionalSecondDigits: 3, timeZoneName: 'short' });
  const clock = dates(time);
  const dayClock = dates({ month: 'short', day: 'numeric', ...time });
  const dayOf = dates({ ...day, month: '2-digit' }, 'en-CA');
  return {
    number: (value) => number().format(value),
    compact: (value) => (Math.abs(value) < 10_000 ? number().format(value) : compact().format(value)),
    percent: (share) => percent().format(share),
    bytes(count) {
      if (count < 1_000) return `${number().format(count)} B`;
      if (count < 1_000_000) return `${number().format(count / 1_000)} kB`;
      return count < 1_000_000_000 ? `${number().format(count / 1_000_000)} MB` : `${number().format(count / 1_000_000_000)} GB`;
    },
    span(ms) {
      if (ms < 1_000) return `${number().format(Math.round(ms))} ms`;
      if (ms < 60_000) return `${number().format(ms / 1_000)} s`;
      if (ms < 3_600_000) return `${number().format(Math.round(ms / 60_000))} min`;
      return ms < 172_800_000 ? `${number().format(ms / 3_600_000)} h` : `${number().format(ms / 86_400_000)} d`;
    },
    rate: (perSecond) => `${number().format(perSecond)}/s`,
    exact: (at) => exact().format(new Date(at)),
    clock(at) {
      const date = new Date(at);
      return (dayOf().format(date) === dayOf().format(new Date()) ? clock() : dayClock()).format(date);
    },
    relative(at, nowMs) {
      const ms = new Date(at).getTime() - nowMs;
      const found = UNITS.find(([, each]) => Math.abs(ms) >= each);
      if (found === undefined) return NOW[language];
      const [unit, size] = found;
      return relative().format(Math.trunc(ms / size), unit);
    },
  };
}

/** Made when it is first asked for: each takes a millisecond, and a page needs few of them. */
function onUse<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
