/**
 * `pnpm bench --rows`: how much millions of old messages slow the hub down. Two hubs that differ in nothing but their past are measured in turns, each pair
 * on its own: accepting, delivering, and the list of messages as people ask for it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchHub, configure, startHub } from './hub.ts';
import { numberOf } from './number-of.ts';
import { analyzeAll, makeOldRows, type OldRows } from './old-rows.ts';
import { median, percentiles } from './percentiles.ts';
import { ask, start } from './processes.ts';

export interface RowsOptions extends OldRows {
  rounds: number;
  durationMs: number;
}

/** All as costs, so that a ratio above 1 is a loss. */
interface Measured {
  acceptedPerSecond: number;
  deliveredPerSecond: number;
  lists: Record<ListName, number>;
}

const PORT = 17_270;
const CONNECTIONS = 64;
const WARM_MS = 3_000;
const WANTED = 1.2;
const LIST_CALLS = 150;
const LISTS = {
  'first page': () => '/api/v1/messages',
  'by spoke, type and state': () => '/api/v1/messages?spoke=shop&type=order.created&state=completed',
  'of the last hour by state': () => `/api/v1/messages?from=${new Date(Date.now() - 3_600_000).toISOString()}&state=completed`,
} as const satisfies Record<string, () => string>;
type ListName = keyof typeof LISTS;
const LIST_NAMES: readonly ListName[] = ['first page', 'by spoke, type and state', 'of the last hour by state'];

export async function rows({ rounds, durationMs, count, days }: RowsOptions): Promise<void> {
  const sink = await start('./sink.ts');
  const dirs = { without: mkdtempSync(join(tmpdir(), 'nave-rows-')), with: mkdtempSync(join(tmpdir(), 'nave-rows-')) };
  const env = { NAVE_RETENTION: `${days + 30}d` };
  const ratios = new Map<string, number[]>();
  try {
    for (const side of ['without', 'with'] as const) await prepare(side);
    for (let round = 1; round <= rounds; round++) {
      // Who comes first changes: the machine may not be the same a minute later.
      const order = round % 2 === 1 ? (['without', 'with'] as const) : (['with', 'without'] as const);
      const measured = new Map<string, Measured>();
      for (const side of order) measured.set(side, await measure(side));
      const [without, withRows] = [measured.get('without'), measured.get('with')];
      if (without === undefined || withRows === undefined) throw new Error('a side was not measured');
      note(`${round}/${rounds}`, without, withRows);
    }
    for (const [name, all] of ratios) {
      const middle = median(all);
      console.log(
        `${name}: ${middle.toFixed(2)} times (${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}, ${all.length} pairs)${middle <= WANTED ? '' : `   more than ${WANTED}`}`,
      );
    }
  } finally {
    sink.child.kill();
    for (const dir of Object.values(dirs)) rmSync(dir, { recursive: true, force: true });
  }

  async function prepare(side: 'without' | 'with'): Promise<void> {
    const hub = await startHub(PORT, env, dirs[side]);
    try {
      await configure(hub, numberOf(sink.first, 'port'));
      if (side === 'with') {
        const startedAt = performance.now();
        const bytes = await makeOldRows(hub.databaseUrl(), { count, days }, (done) => {
          if (done % 10 === 0) console.log(`${done} of ${days} days of old rows`);
        });
        const took = Math.round((performance.now() - startedAt) / 1_000);
        console.log(
          `${count} old rows (a message, a delivery and an attempt each time): ${(bytes / 1e9).toFixed(1)} GB, made in ${took} s`,
        );
      }
      // Some of the present, so that lists have something to show.
      await generate(hub, '/hooks/shop', WARM_MS);
      await analyzeAll(hub.databaseUrl());
    } finally {
      await hub.stop();
    }
  }

  async function measure(side: 'without' | 'with'): Promise<Measured> {
    const hub = await startHub(PORT, env, dirs[side]);
    try {
      await generate(hub, '/hooks/quiet', WARM_MS);
      const acceptedPerSecond = await generate(hub, '/hooks/quiet', durationMs);
      await generate(hub, '/hooks/shop', WARM_MS);
      await ask(sink.child, 'reset');
      await generate(hub, '/hooks/shop', durationMs);
      const deliveredPerSecond = numberOf(await ask(sink.child, 'report'), 'received') / (durationMs / 1_000);
      await analyzeAll(hub.databaseUrl());
      const lists = { 'first page': 0, 'by spoke, type and state': 0, 'of the last hour by state': 0 };
      for (const name of LIST_NAMES) lists[name] = await listed(hub, LISTS[name]());
      return { acceptedPerSecond, deliveredPerSecond, lists };
    } finally {
      await hub.stop();
    }
  }

  async function generate(hub: BenchHub, path: string, forMs: number): Promise<number> {
    const { child } = await start('./load.ts');
    try {
      const answer = await ask(child, { host: hub.host, port: hub.port, path, connections: CONNECTIONS, durationMs: forMs });
      return numberOf(answer, 'acknowledged') / numberOf(answer, 'seconds');
    } finally {
      child.kill();
    }
  }

  /** Milliseconds of the middle one of many calls, one after the other. */
  async function listed(hub: BenchHub, path: string): Promise<number> {
    const latencies: number[] = [];
    for (let call = 0; call < LIST_CALLS; call++) {
      const startedAt = performance.now();
      await hub.api('GET', path);
      latencies.push(performance.now() - startedAt);
    }
    return percentiles(latencies).p50;
  }

  function note(round: string, without: Measured, withRows: Measured): void {
    const add = (name: string, ratio: number) => ratios.set(name, [...(ratios.get(name) ?? []), ratio]);
    add('accepting takes', without.acceptedPerSecond / withRows.acceptedPerSecond);
    add('delivering takes', without.deliveredPerSecond / withRows.deliveredPerSecond);
    for (const name of LIST_NAMES) add(`the list of messages, ${name}, takes`, withRows.lists[name] / without.lists[name]);
    const line = ({ acceptedPerSecond, deliveredPerSecond, lists }: Measured) =>
      `accept ${Math.round(acceptedPerSecond)}/s, deliver ${Math.round(deliveredPerSecond)}/s, lists ${LIST_NAMES.map((name) => lists[name].toFixed(1)).join(' ')} ms`;
    console.log(`${round} without: ${line(without)}   with: ${line(withRows)}`);
  }
}
