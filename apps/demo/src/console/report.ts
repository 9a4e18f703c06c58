/** What the demo says at its start and at its end. */
import type { Account } from '../books/account.ts';
import type { SimulatedSystem } from '../systems/kit/simulated-system.ts';
import type { DemoConsole } from './demo-console.ts';

export interface Places {
  hubUrl: string;
  /** Single-use link into the dashboard; only on the first start. */
  signInLink: string | null;
  keyPath: string;
  variablesPath: string;
  systems: readonly SimulatedSystem[];
}

const ROLES: Readonly<Record<string, string>> = {
  shop: 'sends orders (Standard Webhooks)',
  payments: 'sends payment_intent.succeeded (Stripe-Signature)',
  hr: 'sends employee.hired and employee.left (HMAC)',
  erp: 'takes invoices and payments',
  crm: 'takes contacts',
  directory: 'takes accounts',
  messenger: 'takes welcomes; flaky on purpose',
  senders: 'send orders, leads and news of people to the blueprints',
  stripe: 'says what was paid (Stripe-Signature), lists its events',
  pohoda: 'takes invoices and payments, one at a time, in Windows-1250',
  hubspot: 'takes contacts',
  'active-directory': 'takes accounts and groups over LDAPS',
};

export function printPlaces(out: DemoConsole, { hubUrl, signInLink, keyPath, systems }: Places): void {
  out.heading('Nave demo: a small company in a box');
  out.print(`  ${'dashboard'.padEnd(17)} ${signInLink ?? hubUrl}`);
  out.print(`  ${'API and docs'.padEnd(17)} ${hubUrl}/docs (admin key in ${keyPath})`);
  for (const { name, title, url } of systems) out.print(`  ${title.padEnd(17)} ${url}  ${ROLES[name] ?? ''}`);
  out.print();
}

/** Counts, books, and where to go from here. */
export function printReport(out: DemoConsole, account: Account, places: Places): void {
  const { counts, checks, missing, dead } = account;
  out.heading('Counts');
  const rows: [string, number, string][] = [
    [
      'sent',
      counts.sent,
      `webhooks, ${counts.repeats} of them sent again by the sender; and ${counts.forged} forged, ${counts.forgedRefused} refused`,
    ],
    ['acknowledged', counts.acknowledged, `with 202 after the commit; ${counts.repeats} recognised as repeats`],
    ['delivered', counts.delivered, `of ${counts.deliveries} deliveries; ${counts.filtered} filtered by a route's condition`],
    ['retried', counts.retried, `deliveries, ${counts.retries} attempts more than one each`],
    ['dead', counts.dead, counts.dead === 0 ? '' : 'waiting for a person'],
  ];
  for (const [name, count, note] of rows) out.print(`  ${name.padEnd(13)} ${String(count).padStart(5)}  ${note}`.trimEnd());
  if (counts.open > 0) out.print(`  ${'under way'.padEnd(13)} ${String(counts.open).padStart(5)}`);

  out.heading('Books');
  for (const { title, compared, problems } of checks) {
    if (problems.length === 0) out.ok(`${title} (${compared} compared)`);
    else out.bad(`${title}: ${problems.slice(0, 3).join('; ')}${problems.length > 3 ? ` and ${problems.length - 3} more` : ''}`);
  }
  if (missing.length === 0) out.ok('Everything sent is accounted for.');
  else for (const sentence of missing.slice(0, 10)) out.bad(sentence);

  const messenger = places.systems.find(({ name }) => name === 'messenger');
  const [first] = dead;
  const show = (what: string, ...commands: string[]) => {
    out.print(`  ${what}`);
    for (const command of commands) out.print(`    ${command}`);
  };
  out.heading('Look around');
  show('dashboard and API', places.hubUrl, `${places.hubUrl}/docs`);
  show('address and key for the command line, once per shell', `set -a; . ${places.variablesPath}; set +a`);
  show('what failed', 'npx pnpm@12 nave messages --state failed');
  if (!first || !messenger) return;
  show('mend the messenger', `curl -X POST ${messenger.url}/faults -H 'content-type: application/json' -d '{"mode":"ok"}'`);
  show('send the dead letter again: same id, same key', `npx pnpm@12 nave retry ${first.id}`);
}
