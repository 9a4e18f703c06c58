/** An open alert as the evaluator and the planner of notifications see it. */
import type { AlertSeverity } from '@nave/api-schema';
import type { StoredAlert } from '@nave/store';

/** What a target was told: times in milliseconds since the epoch. */
export interface Told {
  /** How often it was told that the alert fires. */
  count: number;
  lastAt: number;
  /** When it was told that it resolved; null = not yet. */
  resolvedAt: number | null;
}

export interface AlertState {
  id: string;
  rule: string;
  subject: string;
  groupKey: string;
  severity: AlertSeverity;
  state: 'firing' | 'resolved';
  summary: string;
  detail: unknown;
  openedAtMs: number;
  updatedAtMs: number;
  resolvedAtMs: number | null;
  acknowledged: boolean;
  /** By key of the target. */
  told: Readonly<Record<string, Told>>;
}

export function alertState(row: StoredAlert): AlertState {
  const { id, rule, subject, groupKey, summary, detail } = row;
  return {
    ...{ id, rule, subject, groupKey, summary, detail },
    severity: severityOf(row.severity),
    state: row.state === 'resolved' ? 'resolved' : 'firing',
    openedAtMs: row.openedAt.getTime(),
    updatedAtMs: row.updatedAt.getTime(),
    resolvedAtMs: row.resolvedAt?.getTime() ?? null,
    acknowledged: row.acknowledgedAt !== null,
    told: toldOf(row.notified),
  };
}

/** The spoke that an alert is about; null when it is about something else. */
export function spokeOf(subject: string): string | null {
  return subject.startsWith('spoke:') ? subject.slice(6) : null;
}

export function severityOf(text: string): AlertSeverity {
  return text === 'info' || text === 'critical' ? text : 'warning';
}

function toldOf(notified: unknown): Record<string, Told> {
  if (typeof notified !== 'object' || notified === null) return {};
  return Object.fromEntries(
    Object.entries(notified).flatMap(([key, value]) => {
      const told = new Map<string, unknown>(Object.entries(value ?? {}));
      const [count, lastAt, resolvedAt] = [told.get('count'), told.get('lastAt'), told.get('resolvedAt')];
      if (typeof count !== 'number' || typeof lastAt !== 'number') return [];
      return [[key, { count, lastAt, resolvedAt: typeof resolvedAt === 'number' ? resolvedAt : null }]];
    }),
  );
}
