/** Starts and stops the systems of the company, with the secrets they share with the hub. */
import { type Crm, startCrm } from './crm/index.ts';
import { type Directory, startDirectory } from './directory/index.ts';
import { type Erp, startErp } from './erp/index.ts';
import { type Hr, startHr } from './hr/index.ts';
import type { SimulatedSystem } from './kit/simulated-system.ts';
import { type Messenger, startMessenger } from './messenger/index.ts';
import { type NamedSystems, startNamedSystems } from './named/index.ts';
import { type Payments, startPayments } from './payments/index.ts';
import { type Shop, startShop } from './shop/index.ts';

export interface Company {
  shop: Shop;
  payments: Payments;
  hr: Hr;
  erp: Erp;
  crm: Crm;
  directory: Directory;
  messenger: Messenger;
  /** Pohoda, Stripe, HubSpot, Active Directory, and who sends to the blueprints. */
  named: NamedSystems;
  all(): readonly SimulatedSystem[];
  close(): Promise<void>;
}

/** The secrets of the demo: made up, the same every time, worth nothing outside it. The names are those `nave.yaml` asks for. */
export const COMPANY_SECRETS = {
  SHOP_WEBHOOK_SECRET: 'whsec_TmF2ZSBkZW1vIHNob3AsIG5vdCBhIHJlYWwgc2VjcmV0',
  PAYMENTS_WEBHOOK_SECRET: 'whsec_nave_demo_payments_not_a_real_secret',
  HR_WEBHOOK_SECRET: 'nave-demo-hr-not-a-real-secret',
  ERP_TOKEN: 'nave-demo-erp-token',
  CRM_API_KEY: 'nave-demo-crm-key',
  DIRECTORY_PASSWORD: 'nave-demo-directory-password',
  MESSENGER_TOKEN: 'nave-demo-messenger-token',
} as const;

/**
 * @param hubUrl where the hub listens; asked when something is sent, since the systems start before it
 * @param run number of the run, from 1: ids that systems give are not given again in the next one
 */
export async function startCompany(hubUrl: () => string, run: number): Promise<Company> {
  const closing = new AbortController();
  const { signal } = closing;
  const secrets = COMPANY_SECRETS;
  const hookUrl = (spoke: string) => () => `${hubUrl()}/hooks/${spoke}`;
  const [shop, payments, hr, erp, crm, directory, messenger, named] = await Promise.all([
    startShop({ hookUrl: hookUrl('shop'), secret: secrets.SHOP_WEBHOOK_SECRET, signal }),
    startPayments({ hookUrl: hookUrl('payments'), secret: secrets.PAYMENTS_WEBHOOK_SECRET, signal }),
    startHr({ hookUrl: hookUrl('hr'), secret: secrets.HR_WEBHOOK_SECRET, signal }),
    startErp({ token: secrets.ERP_TOKEN }),
    startCrm({ apiKey: secrets.CRM_API_KEY }),
    startDirectory({ user: 'nave', password: secrets.DIRECTORY_PASSWORD }),
    startMessenger({ token: secrets.MESSENGER_TOKEN }),
    startNamedSystems({ hubUrl, signal, run }),
  ]);
  const all = [shop, payments, hr, erp, crm, directory, messenger, ...named.all];
  return {
    ...{ shop, payments, hr, erp, crm, directory, messenger, named },
    all: () => all,
    async close() {
      closing.abort();
      await Promise.all(all.map((system) => system.close()));
      await named.close();
    },
  };
}
