/** Each blueprint stays one that can be applied: shown before, applied, and nothing left to change; all of them together on one hub. */
import { selfSignedCertificate } from '@nave/adapters/simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubUnderTest, hubUnderTest } from '../contract/hub-under-test.ts';
import { at, listAt } from '../harness/json.ts';
import { blueprintNames, naveYamlOf, variablesOf } from './blueprint-files.ts';
import { nave } from './nave-command.ts';

/** One value for each variable of the blueprints, of the form that the kinds ask for. */
const VARIABLES: Readonly<Record<string, string>> = {
  ESHOP_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
  ...{ POHODA_URL: 'https://pohoda.example:444', POHODA_ICO: '12345678', POHODA_USER: 'nave', POHODA_PASSWORD: 'p' },
  ...{ STRIPE_URL: 'https://api.stripe.com', STRIPE_KEY: 'rk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' },
  ...{ WEBSITE_WEBHOOK_SECRET: 'w', HUBSPOT_URL: 'https://api.hubapi.com', HUBSPOT_PORTAL_ID: '123456', HUBSPOT_TOKEN: 't' },
  ...{ PEOPLE_WEBHOOK_SECRET: 'h', AD_URL: 'ldaps://dc1.corp.example', AD_BASE_DN: 'DC=corp,DC=example', AD_UPN_SUFFIX: 'corp.example' },
  ...{ AD_USER: 'svc-nave@corp.example', AD_PASSWORD: 'p', AD_CA: selfSignedCertificate('ca.corp.example', Date.now()).cert },
  LEGACY_SHOP_PASSWORD: 'l',
};

let test: HubUnderTest;
beforeAll(async () => {
  test = await hubUnderTest();
});
afterAll(() => test.close());

describe.each(blueprintNames())('%s', (blueprint) => {
  const file = ['-f', naveYamlOf(blueprint)];

  it('asks for nothing but its documented variables', () => {
    expect(variablesOf(blueprint).filter((name) => VARIABLES[name] === undefined)).toEqual([]);
  });

  it('is shown by a dry run, applied, and then is what the hub has', async () => {
    const shown = await nave(test.hub, ['apply', ...file, '--dry-run', '--json'], VARIABLES);
    expect([shown.code, shown.err]).toEqual([0, '']);
    const items = listAt(JSON.parse(shown.out), 'items');
    expect(items.some((item) => at(item, 'action') === 'create')).toBe(true);
    expect(await nave(test.hub, ['apply', ...file], VARIABLES)).toMatchObject({ code: 0 });
    expect(await nave(test.hub, ['diff', ...file], VARIABLES)).toMatchObject({ code: 0, out: 'no differences\n' });
  });
});
