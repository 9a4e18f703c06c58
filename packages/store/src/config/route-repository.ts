/** Routes outside of changes: the current ones and every version there was. */
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';
import { currentRoutes } from './config-transaction.ts';
import { type StoredRoute, type StoredRouteVersion, storedVersion } from './stored-route.ts';

export interface RouteRepository {
  /** Sorted by name, those after `afterName`. */
  list(options: { limit: number; afterName: string | null }): Promise<StoredRoute[]>;
  find(name: string): Promise<StoredRoute | null>;
  /** Every route in its current version. */
  loadCurrent(): Promise<StoredRoute[]>;
  /** A version, also of a route that is gone; null when it never was. */
  loadVersion(name: string, version: number): Promise<StoredRouteVersion | null>;
  /** Newest first, those before `beforeVersion`. */
  versions(name: string, options: { limit: number; beforeVersion: number | null }): Promise<StoredRouteVersion[]>;
}

export function createRouteRepository({ prisma }: Pick<Database, 'prisma'>): RouteRepository {
  const loadVersion = async (route: string, version: number): Promise<StoredRouteVersion | null> => {
    const row = await prisma.routeVersion.findUnique({ where: { route_version: { route, version } } });
    return row && storedVersion(row);
  };
  return {
    list: ({ limit, afterName }) =>
      guarded(async () => {
        const after = afterName ?? '';
        return await prisma.$queryRaw<StoredRoute[]>`
          SELECT r.name, r.version, v.spec, r.created_at AS "createdAt", r.updated_at AS "updatedAt"
          FROM route r JOIN route_version v ON v.route = r.name AND v.version = r.version
          WHERE r.name COLLATE "C" > ${after} ORDER BY r.name COLLATE "C" LIMIT ${limit}`;
      }),
    find: (name) =>
      guarded(async () => {
        const row = await prisma.route.findUnique({ where: { name } });
        const current = row && (await loadVersion(name, row.version));
        return row && current && { ...row, spec: current.spec };
      }),
    loadCurrent: () => guarded(() => currentRoutes(prisma)),
    loadVersion: (name, version) => guarded(() => loadVersion(name, version)),
    versions: (name, { limit, beforeVersion }) =>
      guarded(async () => {
        const where = { route: name, ...(beforeVersion === null ? {} : { version: { lt: beforeVersion } }) };
        return (await prisma.routeVersion.findMany({ where, orderBy: { version: 'desc' }, take: limit })).map(storedVersion);
      }),
  };
}
