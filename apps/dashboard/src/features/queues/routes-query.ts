/** All routes, for what is told of a spoke by the routes that lead to it. */
import type { Route } from '@nave/api-schema';
import { queryOptions } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';

const ROUTES_MAX = 2_000;

export const routesQuery = queryOptions({
  queryKey: ['routes', 'list', 'all'],
  queryFn: async (): Promise<Route[]> => {
    const routes: Route[] = [];
    for await (const route of hub.routes.all({}, { itemsMax: ROUTES_MAX })) routes.push(route);
    return routes;
  },
});

/** Names of the routes with a step to a spoke. */
export function routesTo(routes: readonly Route[], spoke: string): string[] {
  return routes.filter(({ steps }) => steps.some(({ to }) => to === spoke)).map(({ name }) => name);
}
