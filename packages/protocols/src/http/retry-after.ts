/** `Retry-After` (RFC 9110 section 10.2.3): seconds, or one of the three forms of an HTTP date (section 5.6.7). */
const SECONDS = /^\d{1,10}$/;
// IMF-fixdate, RFC 850 and asctime; anything else that Date.parse would take is not an HTTP date.
const HTTP_DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

/** Milliseconds to wait, never negative; null when the value is neither form. `nowMs` is the time of the answer. */
export function parseRetryAfter(value: string, nowMs: number): number | null {
  const text = value.trim();
  if (SECONDS.test(text)) return Number(text) * 1_000;
  if (!HTTP_DATE.test(text)) return null;
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
