/** How long a limit of HubSpot lasts: ten seconds, one second, or the rest of the account's day. */
import type { HubspotError } from './hubspot-error.ts';

const DAY_MS = 86_400_000;

/**
 * Milliseconds to wait after a 429 without `Retry-After`; null when nothing says which limit it was.
 * @param headers of the answer, lower-case names
 * @param timeZone of the account: "the daily limit resets at midnight based on your time zone setting"
 */
export function waitAfterLimit(
  { policy }: Pick<HubspotError, 'policy'>,
  headers: Readonly<Record<string, string>>,
  timeZone: string,
  nowMs: number,
): number | null {
  if (policy === null) return null;
  const name = policy.toUpperCase();
  if (name.startsWith('DAILY')) return untilMidnightMs(timeZone, nowMs);
  if (name.startsWith('TEN_SECONDLY')) return intervalOf(headers) ?? 10_000;
  return name.startsWith('SECONDLY') ? 1_000 : null;
}

function intervalOf(headers: Readonly<Record<string, string>>): number | null {
  const interval = Number(headers['x-hubspot-ratelimit-interval-milliseconds']);
  return Number.isFinite(interval) && interval > 0 && interval <= DAY_MS ? interval : null;
}

/** Until the day ends in a time zone. On days with a change of clocks it may be an hour off, which only means one more 429. */
export function untilMidnightMs(timeZone: string, nowMs: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(nowMs);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((each) => each.type === type)?.value ?? 0);
  const elapsed = ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1_000 + (nowMs % 1_000);
  return Math.max(1_000, DAY_MS - elapsed);
}

/** Whether the runtime knows a time zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
