/** One batch of a replay: finds the next messages (or dead deliveries), and stores their runs together with the place reached, in one transaction. */
import type { BellEntry, Clock, Ids } from '@nave/core';
import type { Prisma } from '../generated/client.ts';
import { advanceAfter } from '../query/advance-after.ts';
import { searchMessages } from '../query/message-search.ts';
import { deadDeliveries, endDead, retryDead } from './dead-deliveries.ts';
import { insertRuns } from './insert-runs.ts';
import { type PlanDeps, planMessages } from './plan-messages.ts';
import { messageFilterOf, type ReplayMode } from './replay-filter.ts';
import type { ReplayRow } from './replay-store.ts';

export interface BatchDeps extends PlanDeps {
  clock: Clock;
  ids: Ids;
}

export interface BatchResult {
  /** False when the replay was paused, stopped or moved on by somebody else: then nothing of this batch was stored. */
  stored: boolean;
  /** Deliveries that are due now. */
  due: BellEntry[];
  /** Deliveries made or put back: what counts against the rate. */
  deliveries: number;
  finished: boolean;
}

/** Rows a search for the next messages looks at before the place it reached is stored. */
const SCAN_MAX = 10_000;

export function replayBatch(deps: BatchDeps, replay: ReplayRow, limit: number): Promise<BatchResult> {
  return replay.mode === 'replay' ? messageBatch(deps, replay, limit) : deadBatch(deps, replay, replay.mode, limit);
}

async function messageBatch(deps: BatchDeps, replay: ReplayRow, limit: number): Promise<BatchResult> {
  const filter = messageFilterOf(replay.filter, replay.createdAt.getTime());
  const { items, next } = await searchMessages(deps.db.prisma, filter, { order: 'oldest', after: replay.cursor, limit, scanMax: SCAN_MAX });
  const nowMs = deps.clock.now();
  const route = replay.filter.routes[0] ?? null;
  // Dated by the batch: attempts are found by the millisecond of their delivery, so a replay must not put all of its deliveries into one.
  const options = { route, routeVersion: replay.routeVersion, run: replay.id, dated: deps.ids.next(nowMs), nowMs };
  const { runs, failures } = await planMessages(deps, items, options);
  const progress = {
    done: items.length - failures.length,
    failed: failures.length,
    cursor: next ?? items.at(-1)?.id ?? replay.cursor,
    finished: next === null,
  };
  const inserted = await deps.db.prisma.$transaction(
    async (tx) => ((await advance(tx, replay, progress, nowMs)) ? insertRuns(tx, replay.id, runs, nowMs) : null),
    { timeout: 20_000 },
  );
  const due = inserted === null ? [] : [...inserted.due, ...(await advanceAfter(deps.db.prisma, inserted.lanes))];
  return { stored: inserted !== null, due, deliveries: runs.length, finished: progress.finished };
}

async function deadBatch(deps: BatchDeps, replay: ReplayRow, mode: Exclude<ReplayMode, 'replay'>, limit: number): Promise<BatchResult> {
  const ids = await deadDeliveries(deps.db.prisma, replay.filter, replay.createdAt.getTime(), replay.cursor, limit);
  const nowMs = deps.clock.now();
  const finished = ids.length < limit;
  const retried = await deps.db.prisma
    .$transaction(
      async (tx) => {
        const rows = mode === 'retry' ? await retryDead(tx, ids, nowMs) : await endDead(tx, mode, ids, nowMs);
        // Somebody else may have dealt with one meanwhile: nothing is left to do about it, so it counts as done.
        const progress = { done: ids.length, failed: 0, cursor: ids.at(-1) ?? replay.cursor, finished };
        if (await advance(tx, replay, progress, nowMs)) return rows;
        throw new ReplayMovedError();
      },
      { timeout: 20_000 },
    )
    .catch((error: unknown) => {
      if (error instanceof ReplayMovedError) return null;
      throw error;
    });
  const rows = retried ?? [];
  const due = rows.filter((row) => row.due).map(({ id, spoke }) => ({ spoke, deliveryId: id }));
  const lanes = rows.flatMap(({ spoke, key }) => (key === null ? [] : [{ spoke, key }]));
  due.push(...(await advanceAfter(deps.db.prisma, lanes)));
  return { stored: retried !== null, due, deliveries: ids.length, finished };
}

class ReplayMovedError extends Error {}

interface Progress {
  done: number;
  failed: number;
  cursor: string | null;
  finished: boolean;
}

/** True when the replay is still running and where this batch began: of two runners only one stores a batch. */
async function advance(tx: Prisma.TransactionClient, replay: ReplayRow, progress: Progress, nowMs: number): Promise<boolean> {
  const { count } = await tx.replay.updateMany({
    where: { id: replay.id, state: 'running', cursor: replay.cursor },
    data: {
      cursor: progress.cursor,
      done: { increment: progress.done },
      failed: { increment: progress.failed },
      ...(progress.finished ? { state: 'done', finishedAt: new Date(nowMs) } : {}),
    },
  });
  return count === 1;
}
