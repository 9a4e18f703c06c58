/** Saved views of lists: one's own, and those that others share. */
import type { View, ViewInput, ViewQuery } from '@nave/api-schema';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';
import type { QueryOf } from './query-of.ts';

const BASE = '/api/v1/views';

export function viewsResource(transport: Transport) {
  const at = (id: string) => `${BASE}/${encodeURIComponent(id)}`;
  return {
    ...listingOf<View, QueryOf<typeof ViewQuery>>(transport, BASE),
    get: (id: string) => transport.request<View>({ path: at(id) }),
    create: (view: ViewInput) => transport.request<View>({ method: 'POST', path: BASE, body: view }),
    /** Replaces it as a whole. */
    put: (id: string, view: ViewInput) => transport.request<View>({ method: 'PUT', path: at(id), body: view }),
    delete: (id: string) => transport.request<void>({ method: 'DELETE', path: at(id) }),
  };
}
