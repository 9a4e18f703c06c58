/**
 * Who has to be told what now, as a pure function of the alerts, their rules and the clock. It looks at what was told and what should be: a process that
 * dies in between leaves nothing behind that the next look does not find.
 */
import type { AlertSeverity } from '@nave/api-schema';
import type { AlertRuleDefinition, AlertTarget } from './alert-rule.ts';
import { type AlertState, spokeOf } from './alert-state.ts';
import { isQuiet } from './quiet-time.ts';

export interface PlannedNotification {
  to: string;
  operation: string | null;
  state: 'firing' | 'resolved';
  severity: AlertSeverity;
  /** The worst first. */
  alerts: AlertState[];
  /** What this tells, to be remembered: of each alert, which target and how often it will have been told. */
  tells: { alertId: string; target: string; count: number }[];
}

export interface NotificationPlan {
  notifications: PlannedNotification[];
  /** Ids of resolved alerts about which there is nothing more to tell. */
  settled: string[];
}

interface Due {
  alert: AlertState;
  target: AlertTarget;
  severity: AlertSeverity;
  count: number;
}

const RANK: Readonly<Record<AlertSeverity, number>> = { info: 0, warning: 1, critical: 2 };

/** @param budget how many notifications a channel may get now */
export function planNotifications(
  alerts: readonly AlertState[],
  rules: ReadonlyMap<string, AlertRuleDefinition>,
  budget: (to: string) => number,
  nowMs: number,
): NotificationPlan {
  const due: Due[] = [];
  const settled: string[] = [];
  for (const alert of alerts) {
    const rule = rules.get(alert.rule);
    const open = alert.state === 'resolved' && rule !== undefined ? rule.targets.filter((target) => owesResolve(alert, target)) : [];
    if (alert.state === 'resolved' && open.length === 0) settled.push(alert.id);
    if (rule === undefined) continue;
    const targets = alert.state === 'firing' ? rule.targets.filter((target) => firesNow(alert, target, rule, nowMs)) : open;
    for (const target of targets) {
      // A channel in trouble cannot be told so through itself; and its trouble must not make more of it.
      if (target.to === spokeOf(alert.subject)) continue;
      const severity = target.severity ?? alert.severity;
      if ((severity !== 'critical' || rule.quietCritical) && isQuiet(rule.quiet, nowMs)) continue;
      due.push({ alert, target, severity, count: (alert.told[target.key]?.count ?? 0) + (alert.state === 'firing' ? 1 : 0) });
    }
  }
  return { notifications: groupsOf(due, budget), settled };
}

function owesResolve(alert: AlertState, { key, to }: AlertTarget): boolean {
  const told = alert.told[key];
  return told !== undefined && told.resolvedAt === null && to !== spokeOf(alert.subject);
}

function firesNow(alert: AlertState, { key, afterMs }: AlertTarget, { repeatMs }: AlertRuleDefinition, nowMs: number): boolean {
  const told = alert.told[key];
  // Whoever acknowledged it works on it: neither the next in line nor the same ones again.
  if (told === undefined) return nowMs >= alert.openedAtMs + afterMs && !(alert.acknowledged && afterMs > 0);
  return repeatMs !== null && !alert.acknowledged && nowMs >= told.lastAt + repeatMs;
}

/** What is due together for one place and group is one notification; what a channel may not get any more goes into its last one. */
function groupsOf(due: readonly Due[], budget: (to: string) => number): PlannedNotification[] {
  const planned: PlannedNotification[] = [];
  for (const [to, all] of Map.groupBy(due, ({ target }) => target.to)) {
    const left = budget(to);
    const groups = [
      ...Map.groupBy(all, ({ alert, target }) => JSON.stringify([alert.state, target.operation, target.key, alert.groupKey])).values(),
    ];
    if (groups.length <= left) planned.push(...groups.map(notificationOf));
    else if (left > 0) {
      planned.push(...groups.slice(0, left - 1).map(notificationOf));
      const rest = groups.slice(left - 1).flat();
      // One notification has one state and one operation; the others have their turn later.
      const [first] = rest;
      if (first !== undefined) {
        const alike = rest.filter(({ alert, target }) => alert.state === first.alert.state && target.operation === first.target.operation);
        planned.push(notificationOf(alike));
      }
    }
  }
  return planned;
}

function notificationOf(due: readonly Due[]): PlannedNotification {
  const sorted = [...due].sort((a, b) => RANK[b.severity] - RANK[a.severity] || (a.alert.id < b.alert.id ? -1 : 1));
  const [first] = sorted;
  if (first === undefined) throw new Error('a notification about nothing');
  const alerts = [...new Map(sorted.map(({ alert }) => [alert.id, alert])).values()];
  return {
    to: first.target.to,
    operation: first.target.operation,
    state: first.alert.state,
    severity: first.severity,
    alerts,
    tells: sorted.map(({ alert, target, count }) => ({ alertId: alert.id, target: target.key, count })),
  };
}
