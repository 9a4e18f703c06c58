/** Issues: failing deliveries grouped by what went wrong. Acting on a whole group is a replay with `filter.issue`. */
import type { Issue, IssueDetail, IssueQuery, IssueSummary } from '@nave/api-schema';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';
import type { QueryOf } from './query-of.ts';

const BASE = '/api/v1/issues';

export function issuesResource(transport: Transport) {
  return {
    ...listingOf<Issue, QueryOf<typeof IssueQuery>>(transport, BASE),
    /** The group and a page of its deliveries, newest first. */
    get: (id: string, page: { limit?: number; cursor?: string } = {}) =>
      transport.request<IssueDetail>({ path: `${BASE}/${encodeURIComponent(id)}`, query: page }),
    /** How much waits for a person. */
    summary: () => transport.request<IssueSummary>({ path: `${BASE}/summary` }),
  };
}
