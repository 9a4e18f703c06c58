/** Deliveries, and what a person may do to them. */
import type { Delivery, DeliveryDetail, DeliveryQuery, DeliveryResolve } from '@nave/api-schema';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';
import type { QueryOf } from './query-of.ts';

const BASE = '/api/v1/deliveries';

export function deliveriesResource(transport: Transport) {
  const at = (id: string) => `${BASE}/${encodeURIComponent(id)}`;
  const act = (id: string, action: string, body?: unknown) =>
    transport.request<DeliveryDetail>({ method: 'POST', path: `${at(id)}/${action}`, ...(body === undefined ? {} : { body }) });
  return {
    ...listingOf<Delivery, QueryOf<typeof DeliveryQuery>>(transport, BASE),
    get: (id: string) => transport.request<DeliveryDetail>({ path: at(id) }),
    /** A dead delivery goes on: same id, same key. */
    retry: (id: string) => act(id, 'retry'),
    skip: (id: string) => act(id, 'skip'),
    cancel: (id: string) => act(id, 'cancel'),
    /** Lets a delivery go that waits for approval. */
    approve: (id: string) => act(id, 'approve'),
    reject: (id: string) => act(id, 'reject'),
    /** Says what became of a delivery whose outcome is unknown. */
    resolve: (id: string, resolution: DeliveryResolve) => act(id, 'resolve', resolution),
  };
}
