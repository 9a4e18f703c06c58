/** Times and spans as the tables show them, and as people type them. */
import { Complaint } from '../complaint.ts';
import { EXIT } from '../exit-codes.ts';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** To the second, UTC. */
export function moment(timestamp: string | null): string {
  if (timestamp === null) return '-';
  const time = Date.parse(timestamp);
  return Number.isNaN(time) ? '-' : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** Seconds as `12s`, `3m`, `5h`, `2d`. */
export function span(seconds: number): string {
  if (seconds < 1) return '0s';
  if (seconds < 120) return `${Math.round(seconds)}s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)}h`;
  return `${Math.round(seconds / 86_400)}d`;
}

/**
 * A point in time as RFC 3339, given so or as a span (`90m`, `2d`).
 * @param sign -1: the span lies in the past, 1: in the future
 * @throws Complaint
 */
export function momentFrom(text: string, option: string, nowMs: number, sign: -1 | 1): string {
  const [, count, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return new Date(nowMs + sign * Number(count) * (UNITS_MS[unit] ?? 0)).toISOString();
  if (RFC_3339.test(text) && !Number.isNaN(Date.parse(text))) return new Date(Date.parse(text)).toISOString();
  throw new Complaint(EXIT.usage, `--${option} takes a time such as 2026-01-31T08:00:00Z, or a span such as 90m or 2d; got "${text}"`);
}
