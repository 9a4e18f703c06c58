/** What is known of routes, read from the hub and kept fresh. */
import type { Issue, Route, RouteVersion, Stats } from '@nave/api-schema';
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';

const ROUTES_MAX = 2_000;
const VERSIONS_MAX = 500;
const REFRESH_MS = 15_000;
const ISSUES_MAX = 200;

/** Windows that traffic is told of. */
export const WINDOWS = ['15m', '1h', '24h', '7d'] as const;
const WINDOW = '1h';

export type RouteTraffic = Stats['routes'][number];

/** What the URL asks for, or the usual one. */
export function windowOf(asked: string | undefined): string {
  return WINDOWS.find((one) => one === asked) ?? WINDOW;
}

export const routesQuery = queryOptions({
  queryKey: ['routes', 'list', 'all'],
  queryFn: async (): Promise<Route[]> => {
    const routes: Route[] = [];
    for await (const route of hub.routes.all({}, { itemsMax: ROUTES_MAX })) routes.push(route);
    return routes;
  },
});

export const routeQuery = (name: string) => queryOptions({ queryKey: ['routes', name], queryFn: () => hub.routes.get(name) });

export const versionsQuery = (name: string) =>
  queryOptions({
    queryKey: ['routes', name, 'versions'],
    queryFn: async (): Promise<RouteVersion[]> => {
      const versions: RouteVersion[] = [];
      for await (const version of hub.routes.versions(name).all({}, { itemsMax: VERSIONS_MAX })) versions.push(version);
      return versions;
    },
  });

export const routeStatsQuery = (window: string) =>
  queryOptions({
    queryKey: ['stats', 'of', 'routes', window],
    queryFn: async () => {
      const stats = await hub.stats.get(window);
      return { asOf: stats.asOf, exact: stats.exact, of: new Map<string, RouteTraffic>(stats.routes.map((each) => [each.route, each])) };
    },
    refetchInterval: REFRESH_MS,
  });

export const routeSeriesQuery = (route: string, window: string) =>
  queryOptions({
    queryKey: ['stats', 'series', { route, window }],
    queryFn: () => hub.stats.series({ route, window }),
    refetchInterval: REFRESH_MS,
  });

/** The newest problem of each route. */
export const lastProblemsQuery = queryOptions({
  queryKey: ['issues', 'last', 'by', 'route'],
  queryFn: async (): Promise<ReadonlyMap<string, Issue>> => {
    const { items } = await hub.issues.list({ limit: ISSUES_MAX });
    const last = new Map<string, Issue>();
    // The group that failed last comes first.
    for (const issue of items) for (const { route } of issue.routes) if (!last.has(route)) last.set(route, issue);
    return last;
  },
  refetchInterval: REFRESH_MS,
});

/** Reads again what a change of a route may have changed. */
export function useRoutesChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['routes'] }),
      queries.invalidateQueries({ queryKey: ['queues'] }),
      queries.invalidateQueries({ queryKey: ['audit'] }),
    ]);
  };
}
