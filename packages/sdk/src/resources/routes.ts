/** Routes: which messages go where. */
import type { Route, RouteCreate, RouteInput, RouteSimulate, RouteSimulation, RouteVersion } from '@nave/api-schema';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';
import { namedResource } from './named.ts';

const BASE = '/api/v1/routes';

export function routesResource(transport: Transport) {
  return {
    ...namedResource<Route, RouteCreate, RouteInput>(transport, BASE),
    versions: (name: string) => listingOf<RouteVersion, Record<never, never>>(transport, `${BASE}/${encodeURIComponent(name)}/versions`),
    /** What the route, or a draft of it, would do with a message. Nothing is sent or stored; the look at a stored message is written to the audit. */
    simulate: (name: string, simulation: RouteSimulate) =>
      transport.request<RouteSimulation>({ method: 'POST', path: `${BASE}/${encodeURIComponent(name)}/simulate`, body: simulation }),
  };
}
