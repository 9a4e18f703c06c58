/** What is asked of the series, and what its points mean together: whole windows, or the stretch somebody zoomed to. */
import type { StatsSeries } from '@nave/api-schema';

export interface Zoom {
  fromMs: number;
  toMs: number;
}

export interface Figures {
  received: number;
  unrouted: number;
  total: number;
  succeeded: number;
  dead: number;
  open: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Bounds of `GET /stats/series`. */
const WINDOW_MIN_MS = 5 * MINUTE;
const WINDOW_MAX_MS = 7 * 24 * 60 * MINUTE;
const POINTS_MAX = 500;
/** Points a zoomed stretch should have at least, where the bounds allow. */
const POINTS_WANTED = 60;

/** @returns null when the stretch is older than what can be asked */
export function zoomedQuery({ fromMs, toMs }: Zoom, nowMs: number): { window: string; step: string } | null {
  if (fromMs >= nowMs || nowMs - fromMs > WINDOW_MAX_MS) return null;
  const windowMs = Math.min(WINDOW_MAX_MS, Math.max(WINDOW_MIN_MS, Math.ceil((nowMs - fromMs) / MINUTE) * MINUTE));
  const wanted = Math.max(windowMs / POINTS_MAX, (Math.min(toMs, nowMs) - fromMs) / POINTS_WANTED, SECOND);
  return { window: `${windowMs / MINUTE}m`, step: `${Math.ceil(wanted / SECOND)}s` };
}

/** The points that lie in a stretch, also those that only reach into it. */
export function pointsWithin({ points, stepSeconds }: StatsSeries, zoom: Zoom | null): StatsSeries['points'] {
  if (zoom === null) return points;
  return points.filter(({ at }) => Date.parse(at) + stepSeconds * SECOND > zoom.fromMs && Date.parse(at) < zoom.toMs);
}

export function sumOf(points: StatsSeries['points']): Figures {
  const sum = { received: 0, unrouted: 0, total: 0, succeeded: 0, dead: 0, open: 0 };
  for (const point of points) {
    sum.received += point.received;
    sum.unrouted += point.unrouted;
    sum.total += point.total;
    sum.succeeded += point.succeeded;
    sum.dead += point.dead;
    sum.open += point.open;
  }
  return sum;
}

/** Of those that ended well or not; null without either: then there is no share. */
export function successShare({ succeeded, dead }: Pick<Figures, 'succeeded' | 'dead'>): number | null {
  return succeeded + dead === 0 ? null : succeeded / (succeeded + dead);
}
