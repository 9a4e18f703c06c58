/** Works on running replays, oldest first within each, at their rates. All state is in their rows: a crash, or another process taking the lead, goes on there. */
import { type Bell, type Logger, messageOf } from '@nave/core';
import { guarded } from '../guarded.ts';
import type { Leadership } from '../leadership.ts';
import { type BatchDeps, replayBatch } from './replay-batch.ts';
import { type ReplayRow, replayRow } from './replay-store.ts';

export interface RunnerDeps extends BatchDeps {
  bell: Bell;
  /** Of `LEADERSHIPS.replays`: one process works on replays at a time. */
  leadership: Pick<Leadership, 'lead' | 'close'>;
  logger: Logger;
}

export interface ReplayRunner {
  start(): void;
  /** One round over the running replays: at most one batch each. True when there may be more to do at once. */
  tick(): Promise<boolean>;
  /** Waits for the batch under way, then stops. */
  close(): Promise<void>;
}

/** Deliveries per second of a replay that names no rate: enough for most, and room for what arrives meanwhile. */
export const DEFAULT_REPLAY_RATE = 500;
const BATCH_MAX = 200;
const IDLE_MS = 500;
const REPLAYS_AT_ONCE = 10;

export function createReplayRunner(deps: RunnerDeps): ReplayRunner {
  /** Deliveries each replay may still make, and when that was last reckoned. */
  const allowances = new Map<string, { deliveries: number; atMs: number }>();
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();
  let closed = false;

  function allowance(replay: ReplayRow): { deliveries: number; atMs: number } {
    const rate = replay.ratePerSecond ?? DEFAULT_REPLAY_RATE;
    const nowMs = deps.clock.now();
    const known = allowances.get(replay.id) ?? { deliveries: Math.min(rate, BATCH_MAX), atMs: nowMs };
    const earned = Math.max(0, nowMs - known.atMs) * (rate / 1_000);
    const fresh = { deliveries: Math.min(rate, known.deliveries + earned), atMs: nowMs };
    allowances.set(replay.id, fresh);
    return fresh;
  }

  async function work(replay: ReplayRow): Promise<boolean> {
    const allowed = allowance(replay);
    if (allowed.deliveries < 1) return false;
    const batch = await replayBatch(deps, replay, Math.min(BATCH_MAX, Math.floor(allowed.deliveries)));
    // A message with several routes costs as many deliveries; the debt is waited for.
    if (batch.stored) allowed.deliveries -= batch.deliveries;
    if (batch.due.length > 0) deps.bell.ring(batch.due);
    if (batch.finished) allowances.delete(replay.id);
    return batch.stored && !batch.finished && allowed.deliveries >= 1;
  }

  async function tick(): Promise<boolean> {
    return guarded(async () => {
      const rows = await deps.db.prisma.replay.findMany({ where: { state: 'running' }, orderBy: { id: 'asc' }, take: REPLAYS_AT_ONCE });
      for (const id of allowances.keys()) if (!rows.some((row) => row.id === id)) allowances.delete(id);
      if (rows.length === 0 || !(await deps.leadership.lead())) return false;
      let more = false;
      for (const row of rows) more = (await work(replayRow(row))) || more;
      return more;
    });
  }

  function plan(afterMs: number): void {
    if (closed) return;
    timer = setTimeout(() => {
      round = turn();
    }, afterMs).unref();
  }

  async function turn(): Promise<void> {
    try {
      plan((await tick()) ? 10 : IDLE_MS);
    } catch (error) {
      deps.logger.warn({ reason: messageOf(error) }, 'replays wait');
      plan(IDLE_MS);
    }
  }

  return {
    start: () => plan(0),
    tick,
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await round;
      await deps.leadership.close();
    },
  };
}
