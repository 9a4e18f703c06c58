/** Kind `pohoda`: Stormware Pohoda through its mServer. */
import { defineAdapter, type ErasedAdapter } from '@nave/adapter-kit';
import { PohodaConfig, PohodaCredentials } from './config.ts';
import { openPohoda } from './deliver.ts';
import { POHODA_OPERATIONS } from './operations.ts';
import { POHODA_POLLS } from './poll.ts';
import { validatePohoda } from './validate.ts';

export const pohoda: ErasedAdapter = defineAdapter({
  kind: 'pohoda',
  title: 'Pohoda',
  family: 'erp',
  summary: 'Stormware Pohoda through mServer: invoices, orders, addresses, stock cards and payments.',
  config: PohodaConfig,
  credentials: PohodaCredentials,
  operations: POHODA_OPERATIONS.map(({ declaration }) => declaration),
  validate: validatePohoda,
  events: [
    { type: 'invoice.changed', summary: 'An issued invoice was made or changed; from the poll `invoices`.' },
    { type: 'stock.changed', summary: 'A stock card was made or changed; from the poll `stock`.' },
  ],
  polls: POHODA_POLLS,
  verify: ['none'],
  // One request at a time: mServer answers serially, and a second one would only wait inside its timeout. No breaker trips for one slow closing.
  defaults: { concurrency: 1, timeoutMs: 300_000, breaker: { failures: 5, cooldownMs: 60_000 } },
  docs: 'kinds/pohoda.md',
  deliver: { open: openPohoda },
});
