/** Kinds of systems the hub knows. */
import type { Kind, KindList } from '@nave/api-schema';
import type { Static } from 'typebox';
import type { Transport } from '../transport/transport.ts';

export function kindsResource(transport: Transport) {
  return {
    list: () => transport.request<Static<typeof KindList>>({ path: '/api/v1/kinds' }),
    get: (kind: string) => transport.request<Kind>({ path: `/api/v1/kinds/${encodeURIComponent(kind)}` }),
  };
}
