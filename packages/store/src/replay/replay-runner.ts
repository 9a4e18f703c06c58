/** Works on running replays, oldest first within each, at their rates. All state is in their rows: a crash, or another process taking the lead, goes on there. */
import { type Bell, type Clock, DRAIN_RATE_DEFAULT, type Logger, messageOf, type Ramp, rampOf, rampTotal } from '@nave/core';
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';
import type { Leadership } from '../leadership.ts';
import { advanceAfter } from '../query/advance-after.ts';
import { type BatchDeps, replayBatch } from './replay-batch.ts';
import { type ReplayRow, replayRow } from './replay-store.ts';
import { cancelUnsent, countUnsent, holdUnsent, releaseUnsent } from './unsent.ts';

export interface RunnerDeps extends BatchDeps {
  db: BatchDeps['db'] & Pick<Database, 'hot'>;
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

/** Deliveries in the first second of a replay; the pace doubles each second up to its rate. */
const REPLAY_START = 10;
/** A replay is at most so many deliveries ahead of what was sent: a stop finds little to take back. */
const UNSENT_MAX = 1_000;
/** For so long the runner looks after what a pause or a stop, in the middle of something, could not reach. */
const AFTERMATH_MS = 60_000;
const BATCH_MAX = 200;
const IDLE_MS = 1_000;
const REPLAYS_AT_ONCE = 10;

/** The pace of a replay: without a rate the hub's own, enough for most, with room for what arrives meanwhile. */
export function replayRamp(rate: number | null): Ramp {
  return rampOf(REPLAY_START, rate, DRAIN_RATE_DEFAULT);
}

/** How far a replay may go, by the time since it was started or resumed in this process. */
class Pace {
  readonly #ramp: Ramp;
  readonly #clock: Clock;
  #startedAtMs: number;
  #lastAtMs: number;
  #spent = 0;

  constructor(rate: number | null, clock: Clock) {
    this.#ramp = replayRamp(rate);
    this.#clock = clock;
    this.#startedAtMs = clock.now();
    this.#lastAtMs = this.#startedAtMs;
  }

  /** Deliveries it may make now. What is not used is lost after a second: saved up, it would go all at once. */
  allowed(): number {
    const nowMs = this.#clock.now();
    // The clock was put back: by it, nothing would be allowed until it has come as far again.
    if (nowMs < this.#lastAtMs) this.#startedAtMs -= this.#lastAtMs - nowMs;
    this.#lastAtMs = nowMs;
    const due = rampTotal(this.#ramp, nowMs - this.#startedAtMs);
    this.#spent = Math.max(this.#spent, due - this.#ramp.max);
    return Math.floor(due - this.#spent);
  }

  /** A message with several routes costs as many deliveries; a debt is waited for. */
  spend(deliveries: number): void {
    this.#spent += deliveries;
  }
}

export function createReplayRunner(deps: RunnerDeps): ReplayRunner {
  const { prisma } = deps.db;
  const paces = new Map<string, Pace>();
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();
  let closed = false;

  async function work(replay: ReplayRow): Promise<boolean> {
    const pace = paces.get(replay.id) ?? new Pace(replay.ratePerSecond, deps.clock);
    paces.set(replay.id, pace);
    const limit = Math.min(BATCH_MAX, pace.allowed());
    if (limit < 1) return false;
    const kept = await releaseUnsent(prisma, replay.id, limit);
    if (kept.length > 0) {
      pace.spend(kept.length);
      deps.bell.ring(kept);
      return true;
    }
    const room = UNSENT_MAX - (await countUnsent(prisma, replay.id, UNSENT_MAX));
    if (room < 1) return false;
    const batch = await replayBatch(deps, replay, Math.min(limit, room));
    if (batch.stored) pace.spend(batch.deliveries);
    if (batch.due.length > 0) deps.bell.ring(batch.due);
    if (batch.finished) paces.delete(replay.id);
    return batch.stored && !batch.finished && pace.allowed() >= 1;
  }

  /** What was just being changed when a replay was paused, stopped or done, and the next steps that came since. */
  async function tidyUp({ id, state }: ReplayRow): Promise<void> {
    if (state === 'paused') await holdUnsent(prisma, id);
    else if (state === 'stopped') await advanceAfter(prisma, (await cancelUnsent(prisma, id)).lanes);
    else deps.bell.ring(await releaseUnsent(prisma, id, BATCH_MAX));
  }

  async function tick(): Promise<boolean> {
    return guarded(async () => {
      const since = new Date(deps.clock.now() - AFTERMATH_MS);
      if (!(await isAnyUnderWay(deps.db.hot, since))) {
        paces.clear();
        return false;
      }
      const found = await prisma.replay.findMany({
        where: { OR: [{ state: { in: ['running', 'paused'] } }, { finishedAt: { gte: since } }] },
        orderBy: [{ state: 'desc' }, { id: 'asc' }],
        take: REPLAYS_AT_ONCE * 3,
      });
      const rows = found.map(replayRow);
      const running = rows.filter(({ state }) => state === 'running').slice(0, REPLAYS_AT_ONCE);
      for (const id of paces.keys()) if (!running.some((row) => row.id === id)) paces.delete(id);
      if (rows.length === 0 || !(await deps.leadership.lead())) return false;
      for (const row of rows) if (row.state !== 'running' && row.mode === 'replay') await tidyUp(row);
      let more = false;
      for (const row of running) more = (await work(row)) || more;
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

/** Asked each second, mostly in vain: as a statement of its own it costs a tenth of reading rows through Prisma. */
async function isAnyUnderWay(hot: Database['hot'], finishedSince: Date): Promise<boolean> {
  const { rows } = await hot.query<{ any: boolean }>({
    name: 'replays-under-way',
    text: "SELECT EXISTS (SELECT FROM replay WHERE state IN ('running', 'paused') OR finished_at >= $1) AS any",
    values: [finishedSince],
  });
  return rows[0]?.any === true;
}
