/** Lanes: where deliveries wait for another one of their key. */
import type { Lane, LaneQuery } from '@nave/api-schema';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';
import type { QueryOf } from './query-of.ts';

export function lanesResource(transport: Transport) {
  return listingOf<Lane, QueryOf<typeof LaneQuery>>(transport, '/api/v1/lanes');
}
