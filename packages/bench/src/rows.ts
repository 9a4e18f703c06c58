/**
 * `pnpm bench --rows`: how much millions of old messages slow the hub down. Hubs that differ in nothing but their past are measured in turns: accepting, delivering,
 * and the list of messages as people ask for it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configure } from './configure.ts';
import { type BenchHub, startHub } from './hub.ts';
import { compareLists, LIST_NAMES, type ListName, timeLists } from './lists.ts';
import { type Load, startLoad } from './load/start-load.ts';
import { analyzeAll, makeOldRows } from './old-rows.ts';
import type { Percentiles } from './percentiles.ts';
import { inRounds, ratios, spreadOf } from './spread.ts';
import { startSink } from './start-sink.ts';
import { atMost, type Line, printLines } from './table.ts';

export interface RowsOptions {
  rounds: number;
  durationMs: number;
  /** Old messages, rising. */
  steps: readonly number[];
  /** Spread over so many past days. */
  days: number;
  listCalls: number;
}

interface Measured {
  acceptedPerSecond: number;
  deliveredPerSecond: number;
  lists: Map<ListName, Percentiles>;
}

const WARM_MS = 3_000;
const DRAIN_MS = 60_000;
/** How many times as long anything may take with more old messages. */
const TIMES_MAX = 1.2;
const LIST_P95_MS = 150;

export async function rows({ rounds, durationMs, steps, days, listCalls }: RowsOptions): Promise<void> {
  const sink = await startSink();
  const parent = mkdtempSync(join(tmpdir(), 'nave-rows-'));
  // Told as numbers of old messages; each has a data directory that is the one before, grown.
  const sides = [0, ...steps].map(String);
  const onHub = async <T>(side: string, work: (hub: BenchHub, load: Load) => Promise<T>): Promise<T> => {
    const hub = await startHub({ NAVE_RETENTION: `${days + 30}d` }, join(parent, side));
    const load = await startLoad(hub);
    try {
      return await work(hub, load);
    } finally {
      load.stop();
      await hub.stop();
    }
  };
  try {
    await onHub('0', async (hub, load) => {
      await configure(hub, sink.port);
      // Some of the present, so that lists have something to show.
      await sink.drained((await load.closed({ durationMs: WARM_MS })).acknowledged, DRAIN_MS);
      await analyzeAll(hub.databaseUrl());
    });
    for (const [pass, step] of steps.entries()) {
      const before = sides[pass] ?? '0';
      copy(join(parent, before), join(parent, String(step)));
      await onHub(String(step), (hub) => grow(hub, { messages: step - Number(before), days, pass }));
    }
    const results = await inRounds(rounds, sides, async (side, round) => {
      const measured = await onHub(side, measure);
      const lists = LIST_NAMES.map((name) => measured.lists.get(name)?.p95.toFixed(1)).join(' ');
      console.log(
        `${round}/${rounds} ${side} old: accept ${measured.acceptedPerSecond.toFixed(0)}/s, deliver ${measured.deliveredPerSecond.toFixed(0)}/s, lists p95 ${lists} ms`,
      );
      return measured;
    });
    const compared = new Map<number, Map<ListName, number>[]>();
    for (const step of steps) {
      const pairs: Map<ListName, number>[] = [];
      for (let round = 0; round < rounds; round++)
        await onHub('0', (base) => onHub(String(step), async (hub) => pairs.push(await compareLists(hub, base, listCalls))));
      compared.set(step, pairs);
    }
    const [first] = steps;
    const of = (side: string | number) => results.get(String(side)) ?? [];
    for (const step of steps) {
      reportRates(`${step} old messages / none`, of(0), of(step));
      reportPairs(`lists with ${step} old messages / none, in turns`, compared.get(step) ?? []);
    }
    for (const step of steps) {
      reportLists(`lists with ${step} old messages`, of(step));
      if (first !== undefined && step !== first) {
        reportRates(`${step} old messages / ${first}`, of(first), of(step));
        reportListTimes(`lists with ${step} old messages / ${first}`, of(first), of(step));
      }
    }
  } finally {
    sink.stop();
    rmSync(parent, { recursive: true, force: true });
  }

  async function measure(hub: BenchHub, load: Load): Promise<Measured> {
    await load.closed({ path: '/hooks/quiet', durationMs: WARM_MS });
    const accepted = await load.closed({ path: '/hooks/quiet', durationMs });
    await sink.reset();
    const warm = await load.closed({ durationMs: WARM_MS });
    await sink.drained(warm.acknowledged, DRAIN_MS);
    await sink.reset();
    const sent = await load.closed({ durationMs });
    const deliveredPerSecond = (await sink.report()).received / sent.seconds;
    await sink.drained(sent.acknowledged, DRAIN_MS);
    await analyzeAll(hub.databaseUrl());
    return { acceptedPerSecond: accepted.acknowledged / accepted.seconds, deliveredPerSecond, lists: await timeLists(hub, listCalls) };
  }
}

/** Of a stopped hub, with owners: PostgreSQL wants its files to be its own. */
function copy(from: string, to: string): void {
  const { status } = spawnSync('cp', ['-a', from, to], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('a data directory could not be copied');
}

async function grow(hub: BenchHub, more: { messages: number; days: number; pass: number }): Promise<void> {
  const startedAt = performance.now();
  const bytes = await makeOldRows(hub.databaseUrl(), more, (done) => {
    if (done % 10 === 0) console.log(`${done} of ${more.days} days of old messages`);
  });
  const took = Math.round((performance.now() - startedAt) / 1_000);
  console.log(`${more.messages} more old messages, made in ${took} s: ${(bytes / 1e9).toFixed(1)} GB now`);
}

function reportRates(title: string, base: readonly Measured[], other: readonly Measured[]): void {
  const takes = (what: string, rate: (measured: Measured) => number): Line =>
    atMost(what, spreadOf(ratios(base.map(rate), other.map(rate))), TIMES_MAX, ' times', 2);
  printLines(title, [
    takes('accepting takes', ({ acceptedPerSecond }) => acceptedPerSecond),
    takes('delivering takes', ({ deliveredPerSecond }) => deliveredPerSecond),
  ]);
}

const p95Of = (name: ListName) => (measured: Measured) => measured.lists.get(name)?.p95 ?? Number.NaN;

function reportLists(title: string, all: readonly Measured[]): void {
  printLines(
    title,
    LIST_NAMES.map((name) => atMost(`${name}: p95`, spreadOf(all.map(p95Of(name))), LIST_P95_MS, ' ms')),
  );
}

function reportPairs(title: string, pairs: readonly Map<ListName, number>[]): void {
  const names = [...(pairs[0]?.keys() ?? [])];
  const times = (name: ListName) => spreadOf(pairs.map((pair) => pair.get(name) ?? Number.NaN));
  printLines(
    title,
    names.map((name) => atMost(`${name}: p50 takes`, times(name), TIMES_MAX, ' times', 2)),
  );
}

function reportListTimes(title: string, base: readonly Measured[], other: readonly Measured[]): void {
  printLines(
    title,
    LIST_NAMES.map((name) => {
      const times = spreadOf(ratios(other.map(p95Of(name)), base.map(p95Of(name))));
      return atMost(`${name}: p95 takes`, times, TIMES_MAX, ' times', 2);
    }),
  );
}
