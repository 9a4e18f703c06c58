/** How far a signed timestamp may be from now, in both directions. */
import { DURATION_PATTERN, parseDuration } from '@nave/core';

/** 5 minutes: the value of Stripe, Slack, HubSpot and Standard Webhooks. */
export const TOLERANCE_MS = 300_000;

/** The option as schemes declare it. */
export const TOLERANCE_OPTION = {
  type: ['string', 'integer'],
  description: 'How old or how far in the future a signed timestamp may be: a duration such as "5m", or seconds.',
  default: '5m',
  pattern: DURATION_PATTERN,
  minimum: 1,
  maximum: 604_800,
} as const;

/** Milliseconds of a duration option (text or seconds), or the default. */
export function durationOption<Default>(value: unknown, defaultMs: Default): number | Default {
  if (typeof value === 'number') return value * 1_000;
  return (typeof value === 'string' ? parseDuration(value) : null) ?? defaultMs;
}

export type TimestampUnit = 's' | 'ms' | 'rfc3339';
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Refuses a timestamp that is malformed or further from now than the tolerance; null when it is fine. Exactly the tolerance is fine. */
export function refuseTimestamp(
  text: string,
  unit: TimestampUnit,
  nowMs: number,
  toleranceMs: number,
): { ok: false; reason: string } | null {
  const atMs = millisecondsOf(text, unit);
  if (atMs === null) return { ok: false, reason: 'the timestamp is malformed' };
  if (nowMs - atMs > toleranceMs) return { ok: false, reason: 'the timestamp is too old' };
  if (atMs - nowMs > toleranceMs) return { ok: false, reason: 'the timestamp is in the future' };
  return null;
}

function millisecondsOf(text: string, unit: TimestampUnit): number | null {
  if (unit === 'rfc3339') {
    const atMs = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(atMs) ? null : atMs;
  }
  if (!/^\d{1,15}$/.test(text)) return null;
  return Number(text) * (unit === 's' ? 1_000 : 1);
}
