/** What a change of the configuration can read and write; everything in one transaction, one change at a time over all processes. */
import type { LaneRef } from '@nave/core';
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import type { Prisma } from '../generated/client.ts';
import { toJson } from './json-value.ts';
import { cancelOpen, countOpen, type OpenScope } from './open-deliveries.ts';
import type { StoredAlertRule } from './stored-alert-rule.ts';
import type { RouteWrite, StoredRoute } from './stored-route.ts';
import { type SpokeWrite, type StoredSpoke, spokeColumns, storedSpoke } from './stored-spoke.ts';

export interface ConfigTransaction {
  /** Sorted by name. */
  spokes(): Promise<StoredSpoke[]>;
  spoke(name: string): Promise<StoredSpoke | null>;
  /** Makes or replaces a spoke; its version rises by one. */
  putSpoke(spoke: SpokeWrite): Promise<StoredSpoke>;
  removeSpoke(name: string): Promise<void>;
  /** Sorted by name, in their current versions. */
  routes(): Promise<StoredRoute[]>;
  route(name: string): Promise<StoredRoute | null>;
  /** Makes a route or a new version of it; numbers of a deleted route of the same name are not used again. */
  putRoute(route: RouteWrite): Promise<StoredRoute>;
  /** Its versions stay: deliveries and replays refer to them. */
  removeRoute(name: string): Promise<void>;
  /** Sorted by name. */
  alertRules(): Promise<StoredAlertRule[]>;
  alertRule(name: string): Promise<StoredAlertRule | null>;
  /** Makes or replaces an alert rule; its version rises by one. */
  putAlertRule(rule: { name: string; spec: object }): Promise<StoredAlertRule>;
  removeAlertRule(name: string): Promise<void>;
  countOpen(scope: OpenScope): Promise<number>;
  /** Cancels deliveries that are not terminal; a result of one under way is not recorded any more. Answers how many. */
  cancelOpen(scope: OpenScope, reason: string): Promise<number>;
  audit(entry: AuditEntry): Promise<void>;
}

/**
 * @param changed called once something is written that other processes must load
 * @param left told of the lanes that lost deliveries: to be moved on after the commit
 */
export function configTransaction(
  tx: Prisma.TransactionClient,
  now: Date,
  changed: () => void,
  left: (lanes: readonly LaneRef[]) => void,
): ConfigTransaction {
  const routeWithSpec = async (row: { name: string; version: number; createdAt: Date; updatedAt: Date }): Promise<StoredRoute> => {
    const { spec } = await tx.routeVersion.findUniqueOrThrow({ where: { route_version: { route: row.name, version: row.version } } });
    return { ...row, spec };
  };
  return {
    spokes: async () => (await tx.spoke.findMany({ orderBy: { name: 'asc' } })).map(storedSpoke),
    async spoke(name) {
      const row = await tx.spoke.findUnique({ where: { name } });
      return row && storedSpoke(row);
    },
    async putSpoke(spoke) {
      changed();
      const columns = { ...spokeColumns(spoke), updatedAt: now };
      const row = await tx.spoke.upsert({
        where: { name: spoke.name },
        create: { ...columns, name: spoke.name, version: 1, createdAt: now },
        update: { ...columns, version: { increment: 1 } },
      });
      return storedSpoke(row);
    },
    async removeSpoke(name) {
      changed();
      await tx.spokeFlow.deleteMany({ where: { spoke: name } });
      await tx.spoke.delete({ where: { name } });
    },
    routes: () => currentRoutes(tx),
    async route(name) {
      const row = await tx.route.findUnique({ where: { name } });
      return row && routeWithSpec(row);
    },
    async putRoute({ name, spec, by }) {
      changed();
      const last = await tx.routeVersion.aggregate({ where: { route: name }, _max: { version: true } });
      const version = (last._max.version ?? 0) + 1;
      await tx.routeVersion.create({ data: { route: name, version, spec: toJson(spec), createdAt: now, createdBy: by } });
      const row = await tx.route.upsert({
        where: { name },
        create: { name, version, createdAt: now, updatedAt: now },
        update: { version, updatedAt: now },
      });
      return { ...row, spec: toJson(spec) };
    },
    async removeRoute(name) {
      changed();
      await tx.route.delete({ where: { name } });
    },
    alertRules: () => tx.alertRule.findMany({ orderBy: { name: 'asc' } }),
    alertRule: (name) => tx.alertRule.findUnique({ where: { name } }),
    async putAlertRule({ name, spec }) {
      changed();
      const columns = { spec: toJson(spec), updatedAt: now };
      return await tx.alertRule.upsert({
        where: { name },
        create: { ...columns, name, version: 1, createdAt: now },
        update: { ...columns, version: { increment: 1 } },
      });
    },
    async removeAlertRule(name) {
      changed();
      await tx.alertRule.delete({ where: { name } });
    },
    countOpen: (scope) => countOpen(tx, scope),
    async cancelOpen(scope, reason) {
      const { count, lanes } = await cancelOpen(tx, scope, reason);
      left(lanes);
      return count;
    },
    async audit(entry) {
      await tx.audit.create({ data: auditRow(entry) });
    },
  };
}

/** Every route in its current version, sorted by name. */
export async function currentRoutes(tx: Pick<Prisma.TransactionClient, '$queryRaw'>): Promise<StoredRoute[]> {
  return await tx.$queryRaw<StoredRoute[]>`
    SELECT r.name, r.version, v.spec, r.created_at AS "createdAt", r.updated_at AS "updatedAt"
    FROM route r JOIN route_version v ON v.route = r.name AND v.version = r.version ORDER BY r.name COLLATE "C"`;
}
