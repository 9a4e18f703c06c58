/** Durations as people write them in configuration: `250ms`, `10s`, `5m`, `1h`, `7d`. */
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const UNIT_MS: ReadonlyMap<string, number> = new Map(Object.entries(UNITS));
const FORM = /^(\d{1,9})(ms|s|m|h|d)$/;

export const DURATION_PATTERN = FORM.source;

/** Milliseconds of a duration, or null when the text is none or too long to be counted exactly (some 285,000 years). */
export function parseDuration(text: string): number | null {
  const match = FORM.exec(text);
  const [, count = '', unit = ''] = match ?? [];
  const ms = Number(count) * (UNIT_MS.get(unit) ?? Number.NaN);
  return Number.isSafeInteger(ms) ? ms : null;
}

/** The shortest exact form of a number of milliseconds. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms >= UNITS[unit] && ms % UNITS[unit] === 0) return `${ms / UNITS[unit]}${unit}`;
  }
  return `${ms}ms`;
}
