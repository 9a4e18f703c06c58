/** Every route of the app by path, to answer 405 with `Allow` where the path exists and the method does not (RFC 9110 section 15.5.6). */
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route that is served, for the test that compares them with the OpenAPI document. */
    servedRoutes: () => { method: string; url: string }[];
  }
}

export interface RouteTable {
  /** Methods that some route with this path takes, sorted; empty when no route has the path. */
  methodsOf(path: string): string[];
  /** Every route, as it was registered. */
  all(): { method: string; url: string }[];
}

/** Collects the routes registered after this call. */
export function routeTable(app: FastifyInstance): RouteTable {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', (route) => {
    const known = routes.get(route.url) ?? { pattern: patternOf(route.url), methods: new Set<string>() };
    for (const method of [route.method].flat()) known.methods.add(method);
    routes.set(route.url, known);
  });
  return {
    all: () => [...routes].flatMap(([url, { methods }]) => [...methods].map((method) => ({ method, url }))),
    methodsOf(path) {
      const matching = [...routes.values()].filter(({ pattern }) => pattern.test(path));
      return [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort();
    },
  };
}

function patternOf(url: string): RegExp {
  const parts = url.split(/(:[A-Za-z]+|\*)/).map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
