/** API keys: listing, creating and deleting them. */
import type { Key, KeyCreate, KeyCreated } from '@nave/api-schema';
import type { Static } from 'typebox';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';

export type KeyDraft = KeyCreate;
/** Has the key itself, which is shown this once. */
export type NewKey = Static<typeof KeyCreated>;

const BASE = '/api/v1/keys';

export function keysResource(transport: Transport) {
  return {
    ...listingOf<Key, Record<never, never>>(transport, BASE),
    create: (draft: KeyDraft) => transport.request<NewKey>({ method: 'POST', path: BASE, body: draft }),
    delete: (id: string) => transport.request<void>({ method: 'DELETE', path: `${BASE}/${encodeURIComponent(id)}` }),
  };
}
