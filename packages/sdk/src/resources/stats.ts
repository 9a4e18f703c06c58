/** Traffic of a time window. */
import type { SeriesQuery, Stats, StatsSeries } from '@nave/api-schema';
import type { Static } from 'typebox';
import type { Transport } from '../transport/transport.ts';

export function statsResource(transport: Transport) {
  return {
    /** @param window a duration such as `15m`; default one hour */
    get: (window?: string) => transport.request<Stats>({ path: '/api/v1/stats', query: { window } }),
    /** Over time, a point per step; windows from 5 minutes to 7 days. */
    series: (query: Static<typeof SeriesQuery> = {}) => transport.request<StatsSeries>({ path: '/api/v1/stats/series', query }),
  };
}
