/** How many notifications a channel may get: a storm of alerts must not become a storm of notifications. */

const PER_MINUTE = 20;
const MINUTE_MS = 60_000;

export interface NotificationPace {
  /** Notifications the channel may get now. */
  left(to: string, nowMs: number): number;
  count(to: string, nowMs: number): void;
}

export function createNotificationPace(perMinute = PER_MINUTE): NotificationPace {
  const sent = new Map<string, number[]>();
  const recent = (to: string, nowMs: number): number[] => {
    // A clock that was set back must not keep a channel closed.
    const kept = (sent.get(to) ?? []).filter((atMs) => atMs > nowMs - MINUTE_MS && atMs <= nowMs);
    if (kept.length === 0) sent.delete(to);
    else sent.set(to, kept);
    return kept;
  };
  return {
    left: (to, nowMs) => perMinute - recent(to, nowMs).length,
    count(to, nowMs) {
      sent.set(to, [...recent(to, nowMs), nowMs]);
    },
  };
}
