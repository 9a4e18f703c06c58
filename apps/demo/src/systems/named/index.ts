/** The systems by name (Pohoda, Stripe, HubSpot, Active Directory), simulated as their kinds know them, and shown like the others of the company. */
import { setTimeout as wait } from 'node:timers/promises';
import {
  startActiveDirectorySimulator,
  startHubspotSimulator,
  startPohodaSimulator,
  startStripeSimulator,
} from '@nave/adapters/simulators';
import type { Fault } from '../kit/fault.ts';
import { createOutbox, outboxTable, type SentHook } from '../kit/outbox.ts';
import { type SimulatedSystem, startSystem } from '../kit/simulated-system.ts';
import { signStripe } from '../payments/index.ts';
import { startSenders } from './senders.ts';
import { createSoapCaller } from './soap-caller.ts';
import type { OrderPaid, StoryEvent } from './story-event.ts';

export interface NamedSystems {
  all: readonly SimulatedSystem[];
  /** What the `nave.yaml` of the blueprints ask for. */
  variables: Readonly<Record<string, string>>;
  send(event: StoryEvent): Promise<SentHook>;
  /** Of Pohoda; `toPay` in hundredths of a crown. */
  invoices(): readonly { number: string; extId: string | null; toPay: number }[];
  /** Of HubSpot: properties. */
  contacts(): readonly Readonly<Record<string, string>>[];
  /** Of Active Directory. */
  accounts(): readonly { employeeId: string; userName: string; enabled: boolean; groups: readonly string[]; place: string }[];
  /** The simulators behind; the pages of `all` are closed by whoever started them. */
  close(): Promise<void>;
}

export interface NamedOptions {
  /** Where the hub listens; asked when something is sent. */
  hubUrl: () => string;
  signal: AbortSignal;
  /** Number of the run, from 1. */
  run: number;
}

/** Made up and worth nothing, as the other secrets of the demo. */
const SECRETS = {
  ...{
    ESHOP_WEBHOOK_SECRET: 'whsec_TmF2ZSBkZW1vIGVzaG9wLCBub3QgYSByZWFsIHNlY3JldA==',
    WEBSITE_WEBHOOK_SECRET: 'nave-demo-form-not-a-real-secret',
  },
  ...{ PEOPLE_WEBHOOK_SECRET: 'nave-demo-people-not-a-real-secret', STRIPE_WEBHOOK_SECRET: 'whsec_nave_demo_stripe_not_a_real_secret' },
  ...{ STRIPE_KEY: 'rk_test_nave_demo', POHODA_ICO: '12345678', POHODA_USER: 'Nave', POHODA_PASSWORD: 'heslo-Žluťoučký' },
  ...{ HUBSPOT_TOKEN: 'pat-nave-demo', HUBSPOT_PORTAL_ID: '123456', AD_PASSWORD: 'Svc-Nave-Demo-1' },
  LEGACY_SHOP_PASSWORD: 'nave-demo-legacy-not-a-real-password',
};
const GROUPS = ['All Staff', 'Sales', 'Support', 'Finance', 'VPN', 'Managers'];
/** More than one run makes objects in Stripe. */
const IDS_PER_RUN = 1_000_000;
const AT_WORK_MS = 30_000;
const AT_WORK_POLL_MS = 50;

export async function startNamedSystems({ hubUrl, signal, run }: NamedOptions): Promise<NamedSystems> {
  const hookUrl = (spoke: string) => `${hubUrl()}/hooks/${spoke}`;
  const [pohoda, stripe, hubspot, domain] = await Promise.all([
    startPohodaSimulator({ ico: SECRETS.POHODA_ICO, username: SECRETS.POHODA_USER, password: SECRETS.POHODA_PASSWORD }),
    startStripeSimulator({ secretKey: SECRETS.STRIPE_KEY, lastId: run * IDS_PER_RUN }),
    startHubspotSimulator({ token: SECRETS.HUBSPOT_TOKEN, portalId: Number(SECRETS.HUBSPOT_PORTAL_ID) }),
    startActiveDirectorySimulator({ groups: GROUPS, service: { user: 'svc-nave', password: SECRETS.AD_PASSWORD } }),
  ]);
  const invoices = () => pohoda.records('invoice').map(({ number, extId, toPay }) => ({ number, extId, toPay: Number(toPay) }));
  const contacts = () => hubspot.records('contacts').map(({ properties }) => properties);
  const accounts = () =>
    domain.accounts().map(({ attributes, userName, enabled, groups, dn }) => ({
      ...{ employeeId: attributes['employeeID'] ?? '', userName, enabled, groups, place: /OU=([^,]*)/.exec(dn)?.[1] ?? '' },
    }));
  const faultOf =
    ({ fail, heal }: Pick<typeof pohoda, 'fail' | 'heal'>) =>
    (fault: Fault) => {
      heal();
      if (fault.mode === 'down') fail({ kind: 'status', status: 503 });
      if (fault.mode === 'flaky') fail({ kind: 'reset', when: 'before-answer' }, fault.failures);
    };
  const stripeOutbox = createOutbox({ hookUrl: () => hookUrl('stripe'), signal, faults: () => stripePage.faults });
  const stripePage: SimulatedSystem = await startSystem({
    ...{ name: 'stripe', title: 'Stripe', state: () => ({ payments: stripe.list('payment_intents'), sent: stripeOutbox.sent() }) },
    tables: () => [outboxTable(stripeOutbox)],
  });
  const pages = await Promise.all([
    startSystem({
      ...{ name: 'pohoda', title: 'Pohoda', state: () => ({ url: pohoda.url, invoices: invoices() }), onFault: faultOf(pohoda) },
      tables: () => [
        table(
          'Invoices',
          ['Number', 'External key', 'To pay'],
          invoices().map((one) => [one.number, one.extId ?? '', crowns(one.toPay)]),
        ),
      ],
    }),
    startSystem({
      ...{ name: 'hubspot', title: 'HubSpot', state: () => ({ url: hubspot.url, contacts: contacts() }), onFault: faultOf(hubspot) },
      tables: () => [
        table(
          'Contacts',
          ['E-mail', 'Name', 'Company'],
          contacts().map((one) => [one['email'] ?? '', `${one['firstname'] ?? ''} ${one['lastname'] ?? ''}`, one['company'] ?? '']),
        ),
      ],
    }),
    startSystem({
      ...{ name: 'active-directory', title: 'Active Directory', state: () => ({ url: domain.url, accounts: accounts() }) },
      onFault(fault) {
        domain.heal();
        if (fault.mode === 'down') domain.fail({ kind: 'reset', when: 'before-answer' });
        if (fault.mode === 'flaky') domain.fail({ kind: 'reset', when: 'before-answer' }, { times: fault.failures });
      },
      tables: () => [
        table(
          'Accounts',
          ['User', 'Employee', 'Enabled', 'Place', 'Groups'],
          accounts().map((one) => [one.userName, one.employeeId, one.enabled ? 'yes' : 'no', one.place, one.groups.join(', ')]),
        ),
      ],
    }),
  ]);
  const senders = await startSenders({
    ...{ hookUrl, signal },
    secrets: { eshop: SECRETS.ESHOP_WEBHOOK_SECRET, website: SECRETS.WEBSITE_WEBHOOK_SECRET, people: SECRETS.PEOPLE_WEBHOOK_SECRET },
  });

  const legacy = createSoapCaller({
    ...{ url: () => `${hubUrl()}/soap/legacy-shop`, password: SECRETS.LEGACY_SHOP_PASSWORD, signal },
  });
  const say = (event: StoryEvent): Promise<SentHook> => {
    if (event.story === 'payment') return pay(event);
    return event.story === 'order' && event.spoke === 'legacy-shop' ? legacy.place(event) : senders.send(event);
  };

  /** The payment is made in Stripe; its event leaves by an outbox, which knows what the hub answered. */
  function pay({ amount, number }: OrderPaid): Promise<SentHook> {
    stripe.pay(amount, 'czk', { order_number: number });
    const event = stripe.list('events').at(-1);
    const body = JSON.stringify(event, null, 2);
    return stripeOutbox.send(event?.id ?? '', 'payment_intent.succeeded', (nowMs) =>
      signStripe(SECRETS.STRIPE_WEBHOOK_SECRET, nowMs, body),
    );
  }

  const lines = new Map<string, Promise<unknown>>();
  /** About one order or person a sender says one thing after the other, each after the answer to the one before. */
  function inLine(key: string, work: () => Promise<SentHook>): Promise<SentHook> {
    const turn = (lines.get(key) ?? Promise.resolve()).then(work);
    lines.set(key, turn);
    return turn;
  }

  async function atWork(number: string): Promise<void> {
    const deadlineMs = performance.now() + AT_WORK_MS;
    const there = () => accounts().some(({ employeeId, place }) => employeeId === number && place === 'Staff');
    while (!there() && !signal.aborted && performance.now() < deadlineMs) await wait(AT_WORK_POLL_MS);
  }

  return {
    all: [senders, stripePage, ...pages],
    variables: {
      ...SECRETS,
      ...{ POHODA_URL: pohoda.url, STRIPE_URL: stripe.url, HUBSPOT_URL: hubspot.url, AD_URL: domain.url, AD_CA: domain.ca },
      ...{ AD_BASE_DN: domain.baseDn, AD_UPN_SUFFIX: 'nave.test', AD_USER: domain.bindUser },
    },
    send: (event) =>
      inLine(aboutOf(event), async () => {
        // Nobody leaves before the first day.
        if (event.story === 'person' && event.event === 'employee.left') await atWork(event.employee.number);
        return say(event);
      }),
    ...{ invoices, contacts, accounts },
    async close() {
      await Promise.all([pohoda.close(), stripe.close(), hubspot.close(), domain.close()]);
    },
  };
}

function aboutOf(event: StoryEvent): string {
  if (event.story === 'lead') return event.email.trim().toLowerCase();
  return event.story === 'person' ? event.employee.number : event.number;
}

function table(title: string, columns: string[], rows: string[][]): { title: string; columns: string[]; rows: string[][] } {
  return { title, columns, rows: rows.reverse() };
}

const crowns = (hundredths: number): string => `${(hundredths / 100).toFixed(2)} CZK`;
