/** Routes: which messages go where. */
import type { Route, RouteCreate, RouteInput, RouteVersion } from '@nave/api-schema';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';
import { namedResource } from './named.ts';

const BASE = '/api/v1/routes';

export function routesResource(transport: Transport) {
  return {
    ...namedResource<Route, RouteCreate, RouteInput>(transport, BASE),
    versions: (name: string) => listingOf<RouteVersion, Record<never, never>>(transport, `${BASE}/${encodeURIComponent(name)}/versions`),
  };
}
