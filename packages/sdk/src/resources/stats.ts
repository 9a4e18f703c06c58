/** Traffic of a time window. */
import type { Stats } from '@nave/api-schema';
import type { Transport } from '../transport/transport.ts';

export function statsResource(transport: Transport) {
  return {
    /** @param window a duration such as `15m`; default one hour */
    get: (window?: string) => transport.request<Stats>({ path: '/api/v1/stats', query: { window } }),
  };
}
