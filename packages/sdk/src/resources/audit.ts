/** The audit: who did what, and whether the record still is what was written. */
import type { AuditItem, AuditQuery, AuditVerdict } from '@nave/api-schema';
import type { Static } from 'typebox';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';
import type { QueryOf } from './query-of.ts';

const BASE = '/api/v1/audit';
/** The whole chain is computed again. */
const VERIFY_TIMEOUT_MS = 600_000;

export function auditResource(transport: Transport) {
  return {
    ...listingOf<Static<typeof AuditItem>, QueryOf<typeof AuditQuery>>(transport, BASE),
    /** @param from a moment (RFC 3339) or a place in the chain; default the beginning */
    verify: (from?: string) => transport.request<AuditVerdict>({ path: `${BASE}/verify`, query: { from }, timeoutMs: VERIFY_TIMEOUT_MS }),
  };
}
