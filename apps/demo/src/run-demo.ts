/** The demo from start to end: systems, hub, configuration, traffic, accounting. */
import { join, relative } from 'node:path';
import { startHub } from '@nave/hub';
import { applyNaveYaml, companyVariables } from './apply-nave-yaml.ts';
import { type Account, accountFor } from './books/account.ts';
import { deliveryLine } from './console/console-line.ts';
import type { DemoConsole } from './console/demo-console.ts';
import { type Places, printPlaces, printReport } from './console/report.ts';
import { openDataDir } from './data-dir.ts';
import { type Company, startCompany } from './systems/company.ts';
import { planStories } from './traffic/plan-stories.ts';
import { planTraffic } from './traffic/plan-traffic.ts';
import { sendTraffic, type TrafficListener } from './traffic/send-traffic.ts';
import { connectHub } from './watch/connect-hub.ts';
import type { HubPort } from './watch/hub-port.ts';
import { createLedger } from './watch/ledger.ts';
import { settle } from './watch/settle.ts';
import { subjectOf } from './watch/subject.ts';
import { createWatcher } from './watch/watcher.ts';

export interface DemoOptions {
  /** As of the process; the demo adds what is not set. */
  env: Readonly<Record<string, string | undefined>>;
  seed: number;
  rounds: number;
  roundMs: number;
  outage: boolean;
  out: DemoConsole;
  /** Ends the traffic early; the accounting still follows. */
  signal: AbortSignal;
}

export interface RunDemo {
  account: Account;
  company: Company;
  hub: HubPort;
  /** Stops the hub, then the systems. Safe to call twice. */
  stop(): Promise<void>;
}

const SETTLE_MS = 60_000;
const SETTLE_AFTER_SIGNAL_MS = 5_000;
const DATA_DIR = '.nave/demo';

/** Gives back a hub that still serves. @throws StartRefused when the hub does not start; nothing is left running then */
export async function runDemo(options: DemoOptions): Promise<RunDemo> {
  const { env, out, signal } = options;
  const dir = env['NAVE_DATA_DIR'] ?? DATA_DIR;
  const data = openDataDir(dir);
  const adminKey = env['NAVE_ADMIN_KEY'] ?? data.adminKey;
  let hubUrl = '';
  const company = await startCompany(() => hubUrl, data.run);
  const watching = new AbortController();
  out.print('Starting the hub and its database (the first start takes some seconds longer) ...');
  try {
    const running = await startHub({ env: { NAVE_LOG_LEVEL: 'error', ...env, NAVE_DATA_DIR: dir, NAVE_ADMIN_KEY: adminKey } });
    hubUrl = running.url;
    const stop = once(async () => {
      watching.abort();
      await running.stop();
      await company.close();
    });
    try {
      const hub = connectHub(hubUrl, adminKey);
      await applyNaveYaml(hub, company);
      const variables = { NAVE_URL: hubUrl, NAVE_KEY: adminKey, ...companyVariables(company) };
      const places = placesOf(hubUrl, running.signInLink, dir, data.writeVariables(variables), company);
      printPlaces(out, places);
      const account = await runTraffic(options, data.run, hub, company, watching.signal, signal);
      printReport(out, account, places);
      return { account, company, hub, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    await company.close();
    throw error;
  }
}

async function runTraffic(
  { seed, rounds, roundMs, outage, out }: DemoOptions,
  run: number,
  hub: HubPort,
  company: Company,
  watching: AbortSignal,
  signal: AbortSignal,
): Promise<Account> {
  out.startClock();
  const ledger = createLedger();
  const watcher = createWatcher((fact) => out.line(deliveryLine(fact, Date.now())));
  // Without the stream the lines come late, when the run settles; nothing is lost.
  void watcher
    .follow(hub, watching)
    .catch((error) => out.remark(`the live view ended: ${error instanceof Error ? error.message : 'unknown'}`));
  const startMs = Date.now();
  const plan = [...planTraffic({ seed, run, rounds, roundMs, startMs, outage }), ...planStories({ run, rounds, roundMs, startMs })];
  plan.sort((a, b) => a.atMs - b.atMs);
  await sendTraffic(plan, company, ledger, listenerFor(out, watcher.about), signal);
  const see = ({ deliveries }: { deliveries: Parameters<typeof watcher.see>[0][] }) => {
    for (const delivery of deliveries) watcher.see(delivery);
  };
  const settled = await settle(ledger.accepted(), hub, see, signal.aborted ? SETTLE_AFTER_SIGNAL_MS : SETTLE_MS);
  return accountFor(ledger, settled, company);
}

function listenerFor(out: DemoConsole, about: (messageId: string, subject: ReturnType<typeof subjectOf>) => void): TrafficListener {
  return {
    sent(happening, hook) {
      const subject = subjectOf(happening);
      if (hook.messageId !== null) about(hook.messageId, subject);
      const { what, who } = subject;
      if (hook.messageId === null)
        out.line({ icon: '✕', tone: 'bad', what, who, target: '', note: `not taken by the hub (${hook.status})` });
      else if (hook.duplicate)
        out.line({ icon: '–', tone: 'muted', what, who, target: '', note: 'sent again: recognised, nothing delivered twice' });
    },
    forged(status) {
      const note = status === 401 ? 'refused with 401, not stored' : `answered ${status}`;
      out.line({
        icon: status === 401 ? '–' : '✕',
        tone: status === 401 ? 'muted' : 'bad',
        what: 'forged payment',
        who: 'somebody without the secret',
        target: '',
        note,
      });
    },
    fault({ system, fault }) {
      if (system === 'messenger')
        out.remark('The messenger is flaky: every second welcome fails at first, one person cannot be reached at all');
      else out.remark(fault.mode === 'ok' ? 'The ERP is back' : 'The ERP goes down for a while: what is for it waits, the others go on');
    },
  };
}

function placesOf(hubUrl: string, signInLink: string | null, dir: string, variablesPath: string, company: Company): Places {
  const shown = (path: string) => {
    const short = relative(process.cwd(), path);
    return short.startsWith('..') ? path : short;
  };
  return { hubUrl, signInLink, keyPath: shown(join(dir, 'admin.key')), variablesPath: shown(variablesPath), systems: company.all() };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work();
    return running;
  };
}
