/** Alerts: the rules, what fires, and who works on it. */
import type { Alert, AlertHistoryQuery, AlertRule, AlertRuleCreate, AlertRuleInput, AlertTest } from '@nave/api-schema';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';
import { namedResource } from './named.ts';
import type { QueryOf } from './query-of.ts';

const BASE = '/api/v1/alerts';

export function alertsResource(transport: Transport) {
  return {
    ...namedResource<AlertRule, AlertRuleCreate, AlertRuleInput>(transport, BASE),
    /** What fires now. */
    firing: listingOf<Alert, Record<never, never>>(transport, `${BASE}/firing`),
    /** What fired in the last 90 days. */
    history: listingOf<Alert, QueryOf<typeof AlertHistoryQuery>>(transport, `${BASE}/history`),
    /** Somebody works on it: no escalation, no repeats. */
    acknowledge: (id: string) => transport.request<Alert>({ method: 'POST', path: `${BASE}/firing/${encodeURIComponent(id)}/acknowledge` }),
    /** A test notification to everybody the rule tells. */
    test: (name: string) => transport.request<AlertTest>({ method: 'POST', path: `${BASE}/${encodeURIComponent(name)}/test` }),
  };
}
