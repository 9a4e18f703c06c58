/** Kind `hubspot`: the CRM of HubSpot. */
import { defineAdapter, type ErasedAdapter } from '@nave/adapter-kit';
import { HubspotConfig, HubspotCredentials } from './config.ts';
import { openHubspot } from './deliver.ts';
import { HUBSPOT_OPERATIONS } from './operations.ts';
import { hubspotPolls } from './poll.ts';
import { validateHubspot } from './validate.ts';

export const hubspot: ErasedAdapter = defineAdapter({
  kind: 'hubspot',
  title: 'HubSpot',
  family: 'crm',
  summary: 'HubSpot CRM: contacts, companies, deals and any other object, upserted by a unique property; its webhooks and changes.',
  config: HubspotConfig,
  credentials: HubspotCredentials,
  operations: HUBSPOT_OPERATIONS.map(({ declaration }) => declaration),
  validate: validateHubspot,
  events: [
    {
      type: 'contact.creation',
      summary: 'Webhook: a contact was made. A call of HubSpot is a list of events, up to 100, of one or several types.',
    },
    { type: 'contact.propertyChange', summary: 'Webhook: a property of a contact changed.' },
    { type: 'contact.deletion', summary: 'Webhook: a contact was deleted.' },
    { type: 'company.creation', summary: 'Webhook: a company was made.' },
    { type: 'deal.creation', summary: 'Webhook: a deal was made.' },
    { type: 'deal.propertyChange', summary: 'Webhook: a property of a deal changed, such as its stage.' },
    { type: 'contacts.changed', summary: 'Poll: a contact was made or changed.' },
    { type: 'companies.changed', summary: 'Poll: a company was made or changed.' },
    { type: 'deals.changed', summary: 'Poll: a deal was made or changed.' },
  ],
  polls: hubspotPolls,
  verify: ['hubspot-v3'],
  // 100 requests in ten seconds is what every plan has; Professional and Enterprise have 190, 250 with the capacity pack.
  defaults: { concurrency: 5, rate: { limit: 90, perMs: 10_000 } },
  docs: 'kinds/hubspot.md',
  deliver: { open: openHubspot },
});
