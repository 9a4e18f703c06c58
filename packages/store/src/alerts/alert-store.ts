/** Alerts as rows: opened, resolved, acknowledged, listed, and forgotten when they are old. */
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import { toJson } from '../config/json-value.ts';
import type { Database } from '../database.ts';
import type { Alert, Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';

export type StoredAlert = Alert;

export interface NewAlert {
  id: string;
  rule: string;
  /** `spoke:<name>`, `route:<name>` or `hub`. */
  subject: string;
  groupKey: string;
  severity: string;
  summary: string;
  detail: object;
}

export interface AlertChanges {
  opens: readonly NewAlert[];
  updates: readonly { id: string; severity: string; summary: string; detail: object }[];
  /** Ids. */
  resolves: readonly string[];
}

export interface AlertFilter {
  state: 'firing' | null;
  rule: string | null;
  /** Opened at or after, in milliseconds since the epoch. */
  fromMs: number | null;
  /** Opened before. */
  toMs: number | null;
}

export interface AlertStore {
  /** What fires, and what resolved but was not told to everybody yet; oldest first, at most 10,000. */
  open(): Promise<StoredAlert[]>;
  /** Everything or nothing. An alert that is open already is not opened again. */
  apply(changes: AlertChanges, nowMs: number): Promise<void>;
  /** Remembers who was told what. */
  remember(entries: readonly { id: string; notified: object; settled: boolean }[]): Promise<void>;
  /** @returns null when there is none; the alert as it is when it is resolved already */
  acknowledge(id: string, by: string, audit: AuditEntry): Promise<StoredAlert | null>;
  /** Newest first, those before `beforeId`. */
  list(filter: AlertFilter, options: { limit: number; beforeId: string | null }): Promise<StoredAlert[]>;
  /** Changed since, oldest first. */
  since(ms: number, limit: number): Promise<StoredAlert[]>;
  firingCounts(): Promise<{ rule: string; severity: string; count: number }[]>;
  /** Deletes a batch of those resolved before; answers how many. */
  forget(resolvedBeforeMs: number, limit: number): Promise<number>;
}

const OPEN_MAX = 10_000;

export function createAlertStore({ prisma }: Pick<Database, 'prisma'>): AlertStore {
  return {
    open: () => guarded(() => prisma.alert.findMany({ where: { settled: false }, orderBy: { id: 'asc' }, take: OPEN_MAX })),
    apply: ({ opens, updates, resolves }, nowMs) =>
      guarded(async () => {
        const now = new Date(nowMs);
        const rows: Prisma.AlertCreateManyInput[] = opens.map((alert) => ({
          ...{ ...alert, detail: toJson(alert.detail), state: 'firing', openedAt: now, updatedAt: now, notified: {} },
        }));
        await prisma.$transaction([
          ...(resolves.length > 0
            ? [
                prisma.alert.updateMany({
                  where: { id: { in: [...resolves] }, state: 'firing' },
                  data: { state: 'resolved', resolvedAt: now, updatedAt: now },
                }),
              ]
            : []),
          ...(rows.length > 0 ? [prisma.alert.createMany({ data: rows, skipDuplicates: true })] : []),
          ...updates.map(({ id, severity, summary, detail }) =>
            prisma.alert.updateMany({
              where: { id, state: 'firing' },
              data: { severity, summary, detail: toJson(detail), updatedAt: now },
            }),
          ),
        ]);
      }),
    remember: (entries) =>
      guarded(async () => {
        await prisma.$transaction(
          entries.map(({ id, notified, settled }) =>
            prisma.alert.updateMany({ where: { id }, data: { notified: toJson(notified), settled } }),
          ),
        );
      }),
    acknowledge: (id, by, audit) =>
      guarded(() =>
        prisma.$transaction(async (tx) => {
          const now = new Date(audit.atMs);
          const { count } = await tx.alert.updateMany({
            where: { id, state: 'firing', acknowledgedAt: null },
            data: { acknowledgedAt: now, acknowledgedBy: by, updatedAt: now },
          });
          if (count > 0) await tx.audit.create({ data: auditRow(audit) });
          return await tx.alert.findUnique({ where: { id } });
        }),
      ),
    list: ({ state, rule, fromMs, toMs }, { limit, beforeId }) =>
      guarded(() =>
        prisma.alert.findMany({
          where: {
            ...(state === null ? {} : { state, settled: false }),
            ...(rule === null ? {} : { rule }),
            ...(beforeId === null ? {} : { id: { lt: beforeId } }),
            openedAt: { ...(fromMs === null ? {} : { gte: new Date(fromMs) }), ...(toMs === null ? {} : { lt: new Date(toMs) }) },
          },
          orderBy: { id: 'desc' },
          take: limit,
        }),
      ),
    since: (ms, limit) =>
      guarded(() => prisma.alert.findMany({ where: { updatedAt: { gte: new Date(ms) } }, orderBy: { updatedAt: 'asc' }, take: limit })),
    firingCounts: () =>
      guarded(async () => {
        return await prisma.$queryRaw<{ rule: string; severity: string; count: number }[]>`
          SELECT rule, severity, count(*)::int AS count FROM alert WHERE state = 'firing' AND NOT settled GROUP BY rule, severity`;
      }),
    forget: (resolvedBeforeMs, limit) =>
      guarded(async () => {
        return await prisma.$executeRaw`
          DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE state = 'resolved' AND resolved_at < ${new Date(resolvedBeforeMs)} ORDER BY id LIMIT ${limit})`;
      }),
  };
}
