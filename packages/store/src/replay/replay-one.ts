/** Replays one message at once: its runs are stored before the caller is answered. */
import { type Bell, HubError } from '@nave/core';
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import { guarded } from '../guarded.ts';
import { advanceAfter } from '../query/advance-after.ts';
import { searchMessages } from '../query/message-search.ts';
import { insertRuns } from './insert-runs.ts';
import { planMessages } from './plan-messages.ts';
import type { BatchDeps } from './replay-batch.ts';
import { filterToJson, type ReplayFilter } from './replay-filter.ts';
import { type ReplayRow, replayRow } from './replay-store.ts';

export interface ReplayOneOptions {
  messageId: string;
  route: string | null;
  routeVersion: number | null;
  createdBy: string;
  audit: AuditEntry;
}

/**
 * @returns the replay (already done) and the ids of its deliveries; null when there is no such message
 * @throws HubError `state.conflict` when no route takes the message, or what the message or the routes say against it
 */
export function replayOne(
  deps: BatchDeps & { bell: Bell },
  options: ReplayOneOptions,
): Promise<{ replay: ReplayRow; deliveryIds: string[] } | null> {
  return guarded(async () => {
    const nowMs = deps.clock.now();
    const filter: ReplayFilter = {
      spokes: [],
      types: [],
      states: [],
      routes: options.route === null ? [] : [options.route],
      ids: [options.messageId],
      issue: null,
      fromMs: null,
      toMs: null,
    };
    const { items } = await searchMessages(deps.db.prisma, { ...filter, routes: [] }, { order: 'newest', after: null, limit: 1 });
    if (items.length === 0) return null;
    const id = deps.ids.next(nowMs);
    const { route, routeVersion } = options;
    const { runs, failures } = await planMessages(deps, items, { route, routeVersion, run: id, dated: id, nowMs });
    const [failure] = failures;
    if (failure !== undefined) throw failure.error;
    if (runs.length === 0)
      throw new HubError('state.conflict', { detail: 'No enabled route takes this message, so there is nothing to replay.' });
    const { row, inserted } = await deps.db.prisma.$transaction(async (tx) => {
      await tx.audit.create({ data: auditRow(options.audit) });
      const at = new Date(nowMs);
      const facts = {
        kind: 'replay',
        state: 'done',
        filter: filterToJson(filter),
        routeVersion,
        total: 1,
        done: 1,
        cursor: options.messageId,
      };
      const made = await tx.replay.create({ data: { id, ...facts, createdBy: options.createdBy, createdAt: at, finishedAt: at } });
      return { row: made, inserted: await insertRuns(tx, id, runs, nowMs) };
    });
    deps.bell.ring([...inserted.due, ...(await advanceAfter(deps.db.prisma, inserted.lanes))]);
    return { replay: replayRow(row), deliveryIds: runs.map(({ delivery }) => delivery.id) };
  });
}
