/** Quiet times: when notifications wait. By the wall clock of a time zone, so that 22:00 is 22:00 before and after the clocks change. */

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

export interface QuietTime {
  /** Days on which it starts; none = every day. */
  days: readonly Weekday[];
  /** `HH:MM`, inclusive. */
  from: string;
  /** `HH:MM`, exclusive; not after `from` = on the next day. */
  to: string;
  /** IANA name. */
  timezone: string;
}

const DAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const clocks = new Map<string, Intl.DateTimeFormat>();

/** True while any of the times is on. A time zone that this machine does not know counts as UTC. */
export function isQuiet(times: readonly QuietTime[], nowMs: number): boolean {
  return times.some((time) => covers(time, nowMs));
}

/** True for a time zone name that this machine knows. */
export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function covers({ days, from, to, timezone }: QuietTime, nowMs: number): boolean {
  const { day, minute } = wallClock(timezone, nowMs);
  const [start, end] = [minuteOf(from), minuteOf(to)];
  const startsOn = (index: number): boolean => {
    const name = DAYS[(index + 7) % 7];
    return days.length === 0 || (name !== undefined && days.includes(name));
  };
  if (start < end) return startsOn(day) && minute >= start && minute < end;
  return (startsOn(day) && minute >= start) || (startsOn(day - 1) && minute < end);
}

function wallClock(timezone: string, nowMs: number): { day: number; minute: number } {
  const parts = new Map(
    clockOf(timezone)
      .formatToParts(nowMs)
      .map(({ type, value }) => [type, value]),
  );
  const weekday = parts.get('weekday')?.toLowerCase();
  const day = DAYS.findIndex((name) => weekday?.startsWith(name) === true);
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

function clockOf(timezone: string): Intl.DateTimeFormat {
  const known = clocks.get(timezone);
  if (known !== undefined) return known;
  const timeZone = isTimezone(timezone) ? timezone : 'UTC';
  const made = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  if (clocks.size < 1_000) clocks.set(timezone, made);
  return made;
}

function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}
