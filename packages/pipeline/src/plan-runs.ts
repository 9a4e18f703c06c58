/** Routing a stored message again: which runs it gets now, for replays. */
import { parseBody } from '@nave/adapter-kit';
import { HubError, type RunOptions, type RunPlanner } from '@nave/core';
import { callBindings, expressionRoot } from './expression-root.ts';
import { planRoutes } from './plan-routes.ts';
import type { CompiledRoute, Registry } from './registry.ts';

export function createRunPlanner(registry: Registry): RunPlanner {
  return {
    async planRuns(message, options) {
      const routes =
        options.route === null ? registry.routesFor(message.spoke, message.type) : [await routeOf(registry, options.route, options)];
      const parsed = parseBody(message.contentType, message.content.body);
      const root = expressionRoot({
        ...message,
        source: message.spoke,
        data: parsed.ok ? parsed.data : null,
        headers: message.content.headers,
      });
      const { deliveries } = await planRoutes(
        routes,
        root,
        message.orderingKey,
        options.nowMs,
        options.run,
        options.dated,
        callBindings(message.content),
      );
      return deliveries;
    },
  };
}

async function routeOf(registry: Registry, name: string, { routeVersion }: RunOptions): Promise<CompiledRoute> {
  const route = routeVersion === null ? registry.route(name) : await registry.routeVersion(name, routeVersion);
  if (route !== null) return route;
  const which = routeVersion === null ? name : `${name} in version ${routeVersion}`;
  throw new HubError('resource.not-found', { detail: `There is no route ${which}` });
}
