/** Opens stored messages and asks which runs they get now; bounded in memory by opening a few at a time. */
import { decodeContent, type HubError, isHubError, type RunOptions, type RunPlanner, type Sealer } from '@nave/core';
import type { Database } from '../database.ts';
import type { FoundMessage } from '../query/message-search.ts';
import type { PlannedRun } from './insert-runs.ts';

export interface PlanDeps {
  db: Pick<Database, 'prisma'>;
  sealer: Sealer;
  planner: RunPlanner;
}

export interface Planned {
  runs: PlannedRun[];
  /** Messages that cannot be opened or routed, with the reason. */
  failures: { messageId: string; error: HubError }[];
}

/** Bodies in memory at once: each up to the size limit of its spoke. */
const AT_ONCE = 10;

export async function planMessages(deps: PlanDeps, messages: readonly FoundMessage[], options: RunOptions): Promise<Planned> {
  const planned: Planned = { runs: [], failures: [] };
  for (let start = 0; start < messages.length; start += AT_ONCE) {
    const chunk = messages.slice(start, start + AT_ONCE);
    const contents = await deps.db.prisma.message.findMany({
      where: { id: { in: chunk.map(({ id }) => id) } },
      select: { id: true, content: true },
    });
    const byId = new Map(contents.map(({ id, content }) => [id, content]));
    for (const message of chunk) {
      const sealed = byId.get(message.id);
      if (sealed === undefined) continue;
      try {
        const content = decodeContent(await deps.sealer.open(sealed, `message:${message.id}`));
        const receivedAtMs = message.receivedAt.getTime();
        const deliveries = await deps.planner.planRuns({ ...message, receivedAtMs, content }, options);
        for (const delivery of deliveries) planned.runs.push({ messageId: message.id, source: message.spoke, delivery });
      } catch (error) {
        if (!isHubError(error) || error.retryable) throw error;
        planned.failures.push({ messageId: message.id, error });
      }
    }
  }
  return planned;
}
