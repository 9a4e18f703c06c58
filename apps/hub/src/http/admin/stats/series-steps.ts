/** Which steps a series has: whole ones of a length that people use, aligned so that a chart that is read again keeps its points. */
import { formatDuration, HubError, parseDuration } from '@nave/core';

export interface SeriesSteps {
  windowMs: number;
  stepMs: number;
  /** Begin of the first step. */
  fromMs: number;
  /** One more than fits the window, as the last step is under way. */
  count: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const WINDOW_MIN_MS = 5 * MINUTE;
const WINDOW_MAX_MS = 7 * 24 * HOUR;
const STEPS_MS = [
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
];
/** Points of a chosen step, and of one that a caller gives. */
const POINTS = 120;
const POINTS_MAX = 500;

/** @throws HubError `request.malformed` for a window or step out of bounds */
export function seriesSteps(nowMs: number, window = '1h', step?: string): SeriesSteps {
  const windowMs = parseDuration(window);
  if (windowMs === null || windowMs < WINDOW_MIN_MS || windowMs > WINDOW_MAX_MS)
    throw refused('window', `expected ${formatDuration(WINDOW_MIN_MS)} to ${formatDuration(WINDOW_MAX_MS)}`);
  const stepMs = step === undefined ? (STEPS_MS.find((each) => windowMs / each <= POINTS) ?? 2 * HOUR) : parseDuration(step);
  if (stepMs === null || stepMs < SECOND || stepMs % SECOND !== 0 || stepMs > windowMs || windowMs / stepMs > POINTS_MAX)
    throw refused(
      'step',
      `expected whole seconds from ${formatDuration(Math.ceil(windowMs / POINTS_MAX / SECOND) * SECOND)} to the window`,
    );
  const last = Math.floor(nowMs / stepMs) * stepMs;
  const whole = Math.ceil(windowMs / stepMs);
  return { windowMs, stepMs, fromMs: last - whole * stepMs, count: whole + 1 };
}

function refused(name: string, message: string): HubError {
  return new HubError('request.malformed', { errors: [{ path: `/query/${name}`, message }] });
}
