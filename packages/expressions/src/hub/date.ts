/** `$date(value, format)`: one way of writing a point in time, in UTC. */
import { ExpressionFailure } from '../failure.ts';

// RFC 3339 section 5.6, with the blank for the T and the missing zone (read as UTC) that many systems send; a date alone is midnight UTC.
const TIMESTAMP = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|z|[+-]\d{2}:?\d{2})?)?$/;

const FORMATS: Readonly<Record<string, (ms: number) => string | number>> = {
  datetime: (ms) => new Date(ms).toISOString(),
  date: (ms) => new Date(ms).toISOString().slice(0, 10),
  time: (ms) => new Date(ms).toISOString().slice(11),
  seconds: (ms) => Math.floor(ms / 1000),
  millis: (ms) => ms,
};

/** The last millisecond of the year 9999; toISOString writes later years with a sign. */
const LAST_MS = 253_402_300_799_999;

/**
 * Reads RFC 3339 text or milliseconds and writes it as `datetime` (default, `2026-11-21T08:00:00.000Z`), `date`, `time`, `seconds` or `millis`.
 * @throws ExpressionFailure N1001 when the value is no date, N1002 when the format is unknown
 */
export function formatDate(value: unknown, format: unknown): string | number | undefined {
  if (value === undefined) return undefined;
  const name = format === undefined ? 'datetime' : format;
  if (typeof name !== 'string' || !Object.hasOwn(FORMATS, name)) throw new ExpressionFailure('N1002');
  const ms = typeof value === 'number' ? Math.trunc(value) : typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (ms === undefined || !(Math.abs(ms) <= LAST_MS) || ms < -62_167_219_200_000) throw new ExpressionFailure('N1001');
  return FORMATS[name]?.(ms);
}

function parseTimestamp(text: string): number | undefined {
  const match = text.length <= 40 ? TIMESTAMP.exec(text) : null;
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined || hour === undefined || minute === undefined || second === undefined)
    return undefined;
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 60) return undefined;
  const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const midnight = new Date(0);
  // Date.UTC would read the years 0 to 99 as 19xx.
  midnight.setUTCFullYear(year, month - 1, day);
  if (midnight.getUTCMonth() !== month - 1) return undefined;
  const local = midnight.getTime() + hour * 3_600_000 + minute * 60_000 + second * 1000 + millis;
  const offset = offsetMs(match[8]);
  return offset === undefined ? undefined : local - offset;
}

function offsetMs(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
