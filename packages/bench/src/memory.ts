/** `pnpm bench --memory`: how soon an installed hub is ready, and its memory: idle, after a while of idling, and under full load. One process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configure } from './configure.ts';
import { type BenchHub, startHub } from './hub.ts';
import { startLoad } from './load/start-load.ts';
import { residentMb, watchMemory } from './processes.ts';
import { spreadOf } from './spread.ts';
import { startSink } from './start-sink.ts';
import { atMost, printLines } from './table.ts';

export interface MemoryOptions {
  rounds: number;
  /** Of full load. */
  durationMs: number;
  idleMs: number;
  redisUrl: string | null;
}

/** A start leaves garbage behind that is not what an idle hub needs. */
const SETTLE_MS = 30_000;
const DRAIN_MS = 120_000;

export async function memory({ rounds, durationMs, idleMs, redisUrl }: MemoryOptions): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'nave-memory-'));
  const env: Record<string, string> = redisUrl === null ? {} : { REDIS_URL: redisUrl };
  const sink = await startSink();
  let hub: BenchHub | null = null;
  try {
    const first = await startHub(env, dir);
    const firstMs = first.readyMs;
    await configure(first, sink.port);
    await first.stop();
    const ready: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      await hub?.stop();
      hub = await startHub(env, dir);
      ready.push(hub.readyMs / 1_000);
    }
    if (hub === null) throw new Error('no hub was started');
    const atStart = residentMb(hub.pid);
    await sleep(Math.min(SETTLE_MS, idleMs));
    const idle = residentMb(hub.pid);
    console.log(`idle at ${idle.toFixed(0)} MB; now ${Math.round(idleMs / 1_000)} s of nothing`);
    await sleep(idleMs);
    const later = residentMb(hub.pid);
    const most = await underLoad(hub, durationMs);
    const after = residentMb(hub.pid);
    printLines('start and memory of one process (embedded PostgreSQL apart)', [
      { what: 'ready, very first start', measured: `${(firstMs / 1_000).toFixed(2)} s` },
      atMost('ready, installed', spreadOf(ready), 3, ' s', 2),
      { what: 'memory when ready', measured: `${atStart.toFixed(0)} MB` },
      atMost('memory, idle', spreadOf([idle]), 220, ' MB', 0),
      atMost(`growth in ${(idleMs / 60_000).toFixed(1)} min of idling`, spreadOf([later - idle]), 10, ' MB'),
      atMost('memory under full load, at most', spreadOf([most]), 450, ' MB', 0),
      { what: 'memory after the load', measured: `${after.toFixed(0)} MB` },
    ]);
  } finally {
    await hub?.stop();
    sink.stop();
    rmSync(dir, { recursive: true, force: true });
  }

  async function underLoad(running: BenchHub, forMs: number): Promise<number> {
    const load = await startLoad(running);
    const mostMb = watchMemory(running.pid);
    try {
      const sent = await load.closed({ durationMs: forMs });
      await sink.drained(sent.acknowledged, DRAIN_MS);
      return mostMb();
    } finally {
      load.stop();
    }
  }
}
