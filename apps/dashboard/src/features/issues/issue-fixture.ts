/** A failure for tests: three invoices that the ERP refused. */
import type { Issue } from '@nave/api-schema';

export function issueFixture(changes: Partial<Issue> = {}): Issue {
  return {
    ...{ id: '5c0a0000-0000-4000-8000-000000000001', spoke: 'erp', operation: 'createInvoice', state: 'dead' },
    ...{ outcome: 'rejected', status: 422, reason: 'rejected', title: 'rejected 422: customer # is locked' },
    ...{ detail: 'answered 422; customer 81723 is locked', count: 3, messages: 3 },
    ...{ firstSeen: '2026-11-21T13:02:00.000Z', lastSeen: '2026-11-21T13:05:00.000Z', routes: [{ route: 'invoices', count: 3 }] },
    sample: { deliveryId: '01a1ff6d-0e0a-7546-95dd-40d2057451e5', messageId: '01a1ff6d-0e0a-7936-bb0d-bc98afc27a8d' },
    ...{ parkedLanes: 2, waiting: 41, exact: true },
    ...changes,
  };
}
