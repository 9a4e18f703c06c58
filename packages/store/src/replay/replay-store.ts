/** Replays as rows: made, listed, paused, resumed, stopped. The runner works on those that are `running`. */
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import type { Replay } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { advanceAfter } from '../query/advance-after.ts';
import { filterFromJson, filterToJson, REPLAY_MODES, type ReplayFilter, type ReplayMode } from './replay-filter.ts';
import { previewReplay, type ReplayPreview } from './replay-preview.ts';
import { cancelUnsent, countUnsent, holdUnsent } from './unsent.ts';

const REPLAY_STATES = ['running', 'paused', 'stopped', 'done'] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

export interface ReplayRow {
  id: string;
  mode: ReplayMode;
  state: ReplayState;
  filter: ReplayFilter;
  /** Deliveries per second; null = the hub's own pace. */
  ratePerSecond: number | null;
  routeVersion: number | null;
  /** Messages (all modes but `replay`: deliveries) counted when it was made. */
  total: number;
  done: number;
  failed: number;
  createdBy: string;
  createdAt: Date;
  finishedAt: Date | null;
  /** Last id handled. */
  cursor: string | null;
}

export interface NewReplay {
  id: string;
  mode: ReplayMode;
  filter: ReplayFilter;
  ratePerSecond: number | null;
  routeVersion: number | null;
  createdBy: string;
  createdAtMs: number;
}

export interface ReplayStore {
  preview(mode: ReplayMode, filter: ReplayFilter, nowMs: number): Promise<ReplayPreview>;
  /** Makes it running. `audit` gets the total into its detail. */
  create(replay: NewReplay, audit: AuditEntry): Promise<ReplayRow>;
  list(before: string | null, limit: number): Promise<ReplayRow[]>;
  find(id: string): Promise<ReplayRow | null>;
  /**
   * Moves between states, and keeps back (`paused`) or cancels (`stopped`) what it made and nobody has sent. One that is `done` moves only while there is such.
   * @returns null when it is missing or in none of `from`
   */
  move(id: string, from: readonly ReplayState[], to: ReplayState, nowMs: number, audit: AuditEntry): Promise<ReplayRow | null>;
}

export function createReplayStore({ prisma }: Pick<Database, 'prisma'>): ReplayStore {
  return {
    preview: (mode, filter, nowMs) => guarded(() => previewReplay(prisma, mode, filter, nowMs)),
    create: (replay, audit) =>
      guarded(async () => {
        const { count } = await previewReplay(prisma, replay.mode, replay.filter, replay.createdAtMs);
        const { mode, filter, createdAtMs, ...rest } = replay;
        const [row] = await prisma.$transaction([
          prisma.replay.create({
            data: { ...rest, kind: mode, state: 'running', filter: filterToJson(filter), total: count, createdAt: new Date(createdAtMs) },
          }),
          prisma.audit.create({ data: auditRow({ ...audit, detail: { ...audit.detail, total: count } }) }),
        ]);
        return replayRow(row);
      }),
    list: (before, limit) =>
      guarded(async () => {
        const rows = await prisma.replay.findMany({
          where: before === null ? {} : { id: { lt: before } },
          orderBy: { id: 'desc' },
          take: limit,
        });
        return rows.map(replayRow);
      }),
    find: (id) =>
      guarded(async () => {
        const row = await prisma.replay.findUnique({ where: { id } });
        return row && replayRow(row);
      }),
    move: (id, from, to, nowMs, audit) =>
      guarded(() =>
        prisma
          .$transaction(async (tx) => {
            // Behind the batch that is being stored: what it made is seen below.
            const [before] = await tx.$queryRaw<{ state: string }[]>`SELECT state FROM replay WHERE id = ${id}::uuid FOR UPDATE`;
            if (before === undefined || !from.some((state) => state === before.state)) return null;
            if (before.state === 'done' && (await countUnsent(tx, id, 1)) === 0) return null;
            const finishedAt = to === 'stopped' ? new Date(nowMs) : null;
            const row = replayRow(await tx.replay.update({ where: { id }, data: { state: to, finishedAt } }));
            if (to === 'paused') await holdUnsent(tx, id);
            const { count, lanes } = to === 'stopped' ? await cancelUnsent(tx, id) : { count: 0, lanes: [] };
            const detail = to === 'stopped' ? { ...audit.detail, cancelled: count } : audit.detail;
            await tx.audit.create({ data: auditRow({ ...audit, detail }) });
            return { row, lanes };
          })
          .then(async (moved) => {
            if (moved === null) return null;
            await advanceAfter(prisma, moved.lanes);
            return moved.row;
          }),
      ),
  };
}

export function replayRow({ kind, state, filter, ...row }: Replay): ReplayRow {
  return {
    ...row,
    mode: REPLAY_MODES.find((known) => known === kind) ?? 'replay',
    state: REPLAY_STATES.find((known) => known === state) ?? 'stopped',
    filter: filterFromJson(filter),
  };
}
