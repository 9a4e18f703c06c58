/** A lead of the web site is one contact in HubSpot, however often and however written it comes. */
import { type HubspotSimulator, startHubspotSimulator } from '@nave/adapters/simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt } from '../harness/json.ts';
import { samplesOf } from './blueprint-files.ts';
import { type BlueprintHub, blueprintHub } from './blueprint-hub.ts';
import { signHmac } from './sign.ts';

const NAME = 'web-lead-to-hubspot-contact';
const SECRET = 'form-secret';
const HEADERS = { signature: 'x-form-signature', timestamp: 'x-form-timestamp' };
let hubspot: HubspotSimulator;
let hub: BlueprintHub;

beforeAll(async () => {
  hubspot = await startHubspotSimulator({ token: 'pat-simulated', portalId: 123_456 });
  hub = await blueprintHub([NAME], {
    ...{ WEBSITE_WEBHOOK_SECRET: SECRET, HUBSPOT_URL: hubspot.url, HUBSPOT_PORTAL_ID: '123456', HUBSPOT_TOKEN: 'pat-simulated' },
  });
});
afterAll(async () => {
  await hub?.close();
  await hubspot.close();
});

const form = Object(samplesOf(NAME).find(({ name }) => name === 'contact-form')?.body);
let submissions = 0;
const submit = (changes: object, id = `f_${++submissions}`) =>
  hub.hook('website', signHmac(SECRET, HEADERS, { ...form, submission_id: id, ...changes }));
const contacts = (email: string) => hubspot.records('contacts').filter(({ properties }) => properties['email']?.toLowerCase() === email);

describe('a lead of the web site', () => {
  it('is a contact, and a second one of the same person in another case is the same contact', async () => {
    const first = await submit({ email: 'Jana.Novakova@Example.cz', last_name: '' });
    await hub.completed(first.messageId);
    const second = await submit({ email: ' JANA.NOVAKOVA@EXAMPLE.CZ ', company: 'Novák s. r. o.', first_name: '', phone: '' });
    await hub.completed(second.messageId);
    const [contact, ...doubles] = contacts('jana.novakova@example.cz');
    expect(doubles).toEqual([]);
    // What the second form left empty stays as it was.
    expect(contact?.properties).toMatchObject({ firstname: 'Jana', lastname: 'Dvořáková', company: 'Novák s. r. o.' });
    expect(contact?.properties).toMatchObject({ email: 'jana.novakova@example.cz', phone: '+420 601 234 567' });
    expect(await hub.output(second.messageId, 'contact')).toMatchObject({ inputs: [{ ok: true, new: false, objectId: contact?.id }] });
  });

  it('submitted twice with one click is one message', async () => {
    const first = await submit({ email: 'twice@example.cz' }, 'f_click');
    expect(await submit({ email: 'twice@example.cz' }, 'f_click')).toEqual({ messageId: first.messageId, duplicate: true });
    await hub.completed(first.messageId);
    expect(contacts('twice@example.cz')).toHaveLength(1);
  });

  it('is no double either when ten come at the same time; the last one is what stays', { timeout: 60_000 }, async () => {
    const sent: string[] = [];
    for (let n = 0; n < 10; n++) {
      const email = n % 2 === 0 ? 'rush@example.cz' : 'RUSH@example.cz';
      sent.push((await submit({ email, company: `Company ${n}` })).messageId);
    }
    for (const id of sent) await hub.completed(id);
    expect(contacts('rush@example.cz').map(({ properties }) => properties['company'])).toEqual(['Company 9']);
  });

  it('whose answer was lost is written again, without a double', { timeout: 60_000 }, async () => {
    await hub.hub.api('PATCH', '/api/v1/spokes/hubspot', { policy: { retry: { base: '100ms' } } });
    hubspot.fail({ kind: 'reset', when: 'before-answer', applied: true }, 1);
    const { messageId } = await submit({ email: 'lost@example.cz' });
    const [delivery] = listAt(await hub.completed(messageId), 'deliveries');
    expect(delivery).toMatchObject({ attemptCount: 2 });
    expect(contacts('lost@example.cz')).toHaveLength(1);
  });

  it('without consent does not reach HubSpot', async () => {
    const { messageId } = await submit({ email: 'no@example.cz', consent: false });
    expect(listAt(await hub.completed(messageId), 'deliveries')[0]).toMatchObject({ state: 'skipped', reason: 'filtered' });
    expect(contacts('no@example.cz')).toEqual([]);
  });
});
