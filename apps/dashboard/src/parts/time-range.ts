/** A range of time as two parameters of a URL: `from=15m` is the last 15 minutes; else both are ISO 8601 instants, and either may be missing. */

export type TimeRange = { kind: 'last'; span: string; ms: number } | { kind: 'between'; from: string | null; to: string | null };

/** Those offered by one click. */
export const SPANS = ['15m', '1h', '24h', '7d'] as const;
export type WindowSpan = (typeof SPANS)[number];

/** The window a URL asks for; an hour when it asks for none that is offered. */
export function windowOf(text: string | undefined): WindowSpan {
  return SPANS.find((span) => span === text) ?? '1h';
}

const SPAN = /^(\d{1,4})(m|h|d)$/;
const SPAN_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?/;

/** @returns null when it is not one: nothing given, an empty span, a span with an end, an end before its beginning */
export function parseTimeRange(from: string | undefined, to: string | undefined): TimeRange | null {
  const [, count, unit = ''] = SPAN.exec(from ?? '') ?? [];
  if (from !== undefined && count !== undefined) {
    const ms = Number(count) * (SPAN_MS[unit] ?? 0);
    return ms > 0 && !to ? { kind: 'last', span: from, ms } : null;
  }
  const [start, end] = [instantOf(from), instantOf(to)];
  if (start === undefined || end === undefined || (start === null && end === null)) return null;
  return start !== null && end !== null && start >= end ? null : { kind: 'between', from: start, to: end };
}

/**
 * The ends of a range, for questions to the API.
 * @param nowMs what spans end at: round it, so that a question stays the same for a while
 * @returns ISO instants, null where it is open or unreadable
 */
export function timeRangeEnds(from: string | undefined, to: string | undefined, nowMs: number): { from: string | null; to: string | null } {
  const range = parseTimeRange(from, to);
  if (range === null) return { from: null, to: null };
  return range.kind === 'last' ? { from: new Date(nowMs - range.ms).toISOString(), to: null } : { from: range.from, to: range.to };
}

/**
 * What a field for date and time holds for an instant, in a time zone.
 * @param iso an instant. @returns `2026-11-21T11:30`
 */
export function toZoned(iso: string, timeZone: string): string {
  return wallOf(Date.parse(iso), timeZone).toISOString().slice(0, 16);
}

/**
 * The instant of a date and time in a zone. Of an hour that comes twice (clocks go back) the first is meant;
 * one that is left out (clocks go forward) is taken as with the offset before.
 * @param local `2026-11-21T11:30`
 * @returns null when it is no date and time
 */
export function fromZoned(local: string, timeZone: string): string | null {
  const wallMs = LOCAL.test(local) ? Date.parse(`${local.length === 16 ? `${local}:00` : local}Z`) : Number.NaN;
  if (!Number.isFinite(wallMs)) return null;
  // A day before and after have both offsets that can be meant.
  const offsets = [-86_400_000, 86_400_000].map((near) => offsetMs(wallMs + near, timeZone));
  const moments = offsets.map((offset) => wallMs - offset).sort((a, b) => a - b);
  const found = moments.find((moment) => wallOf(moment, timeZone).getTime() === wallMs) ?? wallMs - (offsets[0] ?? 0);
  return new Date(found).toISOString();
}

/** @returns null for none, undefined for what is no instant */
function instantOf(text: string | undefined): string | null | undefined {
  if (text === undefined || text === '') return null;
  return INSTANT.test(text) && Number.isFinite(Date.parse(text)) ? new Date(text).toISOString() : undefined;
}

function offsetMs(moment: number, timeZone: string): number {
  return wallOf(moment, timeZone).getTime() - Math.floor(moment / 1_000) * 1_000;
}

/** What clocks in the zone show, as if it were UTC; whole seconds. */
function wallOf(moment: number, timeZone: string): Date {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return new Date(Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')));
}
