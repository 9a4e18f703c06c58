/** What a channel receives. Names, figures and ids; never a payload. */
import type { AlertSeverity } from '@nave/api-schema';
import { type AlertState, spokeOf } from './alert-state.ts';

/** Alerts that one notification carries; the rest is a number. */
const ALERTS_MAX = 50;

export interface NotificationBody {
  rule: string;
  state: 'firing' | 'resolved' | 'test';
  severity: AlertSeverity;
  spoke: string | null;
  /** RFC 3339. */
  since: string;
  summary: string;
  link: string;
  alert: AlertView;
  alerts: AlertView[];
  /** Alerts of this notification that are not in `alerts`. */
  more: number;
}

export interface AlertView {
  id: string;
  rule: string;
  subject: string;
  spoke: string | null;
  severity: AlertSeverity;
  state: 'firing' | 'resolved' | 'test';
  summary: string;
  since: string;
  resolvedAt: string | null;
  detail: unknown;
}

/** @param alerts at least one, the worst first */
export function notificationBody(
  alerts: readonly [AlertState, ...AlertState[]],
  { state, severity, publicUrl }: { state: NotificationBody['state']; severity: AlertSeverity; publicUrl: string },
): NotificationBody {
  const [worst] = alerts;
  const views = alerts.slice(0, ALERTS_MAX).map((alert) => viewOf(alert, state));
  const first = viewOf(worst, state);
  const more = alerts.length - views.length;
  const others = alerts.length - 1;
  const told = others === 0 ? first.summary : `${first.summary} (and ${others} more)`;
  const summary = state === 'resolved' ? `Over: ${told}` : told;
  const { rule, spoke, since } = first;
  return { rule, state, severity, spoke, since, summary, link: `${publicUrl}/alerts/firing`, alert: first, alerts: views, more };
}

function viewOf(
  { id, rule, subject, severity, summary, openedAtMs, resolvedAtMs, detail }: AlertState,
  state: NotificationBody['state'],
): AlertView {
  return {
    ...{ id, rule, subject, spoke: spokeOf(subject), severity, state, summary, detail },
    since: new Date(openedAtMs).toISOString(),
    resolvedAt: resolvedAtMs === null ? null : new Date(resolvedAtMs).toISOString(),
  };
}
