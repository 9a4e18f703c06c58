/** Windows times: 100-nanosecond ticks since 1601-01-01 UTC. They do not fit a JavaScript number, so they stay text and BigInt. */
const TICKS_PER_MS = 10_000n;
/** 1601-01-01 to 1970-01-01 (MS-DTYP 2.3.3). */
const EPOCH_MS = 11_644_473_600_000n;
const NEVER = 9_223_372_036_854_775_807n;

/** Both mean that an account never expires; zero is what is written. */
export const NEVER_EXPIRES = '0';

export function fileTimeOf(ms: number): string {
  return ((BigInt(Math.trunc(ms)) + EPOCH_MS) * TICKS_PER_MS).toString();
}

/** Milliseconds since 1970; null for never and for what is no time. */
export function msOfFileTime(text: string): number | null {
  if (!/^\d{1,19}$/.test(text)) return null;
  const ticks = BigInt(text);
  if (ticks === 0n || ticks >= NEVER) return null;
  return Number(ticks / TICKS_PER_MS - EPOCH_MS);
}

/** From a date (`2026-12-31`: its last moment, UTC) or an RFC 3339 timestamp; null for anything else. */
export function fileTimeOfDate(text: string): string | null {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!date && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const ms = Date.parse(date ? `${text}T23:59:59Z` : text);
  return Number.isNaN(ms) ? null : fileTimeOf(ms);
}
