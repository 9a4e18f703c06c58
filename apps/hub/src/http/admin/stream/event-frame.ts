/** Frames of `text/event-stream` (HTML Living Standard, section 9.2.6 "Interpreting an event stream"). */
import type { FeedEvent } from './change-feed.ts';

/** All events of one look carry its position, so a watcher that got some of them is told the look again. */
export function framesOf(events: readonly FeedEvent[], position: number): string {
  return events.map(({ event, data }) => `id: ${position}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('');
}

/** The same as one event: a page that is told hundreds a second would spend its time on taking them one by one. */
export function batchOf(events: readonly FeedEvent[], position: number): string {
  return events.length === 0 ? '' : `id: ${position}\nevent: batch\ndata: ${JSON.stringify(events)}\n\n`;
}

/** A comment keeps proxies from closing an idle connection. */
export const HEARTBEAT = ': still here\n\n';

/** Tells the browser how long to wait before it connects again. */
export const OPENING = 'retry: 2000\n\n';

/** The position in a `Last-Event-ID`; null when it is absent or none of ours. */
export function positionOf(lastEventId: string | undefined, nowMs: number): number | null {
  if (lastEventId === undefined || !/^\d{1,15}$/.test(lastEventId)) return null;
  const position = Number(lastEventId);
  return position > nowMs - LOOK_BACK_MS ? Math.min(position, nowMs) : nowMs - LOOK_BACK_MS;
}

/** How far back a watcher that comes back is told of. */
const LOOK_BACK_MS = 600_000;
