/** A row of the list of routes: the route with its traffic and its last problem. */
import type { Issue, Route } from '@nave/api-schema';
import type { RouteTraffic } from './use-routes.ts';

export const ROUTE_STATES = ['failing', 'healthy', 'idle', 'disabled'] as const;
export type RouteState = (typeof ROUTE_STATES)[number];

export interface RouteRow {
  route: Route;
  /** Null: nothing within the window, or not known yet. */
  traffic: RouteTraffic | null;
  problem: Issue | null;
  state: RouteState;
}

export type RouteSearch = Partial<Record<'q' | 'spoke' | 'state' | 'window', string>>;

export interface RowSources {
  routes: readonly Route[];
  traffic: ReadonlyMap<string, RouteTraffic> | null;
  problems: ReadonlyMap<string, Issue> | null;
}

/** By name. */
export function rowsOf({ routes, traffic, problems }: RowSources): RouteRow[] {
  return routes
    .map((route) => {
      const own = traffic?.get(route.name) ?? null;
      return { route, traffic: own, problem: problems?.get(route.name) ?? null, state: stateOf(route, own) };
    })
    .sort((a, b) => a.route.name.localeCompare(b.route.name));
}

/** What a person switched off goes before what happened. */
export function stateOf(route: Pick<Route, 'enabled'>, traffic: RouteTraffic | null): RouteState {
  if (!route.enabled) return 'disabled';
  if ((traffic?.dead ?? 0) > 0) return 'failing';
  return (traffic?.total ?? 0) > 0 ? 'healthy' : 'idle';
}

/** Words are looked for in all that the row shows; all of them must occur. */
export function matches({ route, state }: RouteRow, search: RouteSearch): boolean {
  if (search.state !== undefined && search.state !== state) return false;
  const spokes = [route.from.spoke, ...route.steps.map(({ to }) => to)];
  if (search.spoke !== undefined && !spokes.includes(search.spoke)) return false;
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const text = [route.name, route.from.type, ...spokes, ...route.steps.flatMap(({ name, operation }) => [name, operation ?? ''])]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
