/** Figures of queues together with what keeps them back: breaker, patience, drains. */
import type { Queue } from '@nave/api-schema';
import { createFlowStore, type Database, keptBack, type QueueFigures } from '@nave/store';
import { queueView } from './queue-view.ts';

export async function queueViews(db: Pick<Database, 'hot' | 'prisma'>, figures: readonly QueueFigures[]): Promise<Queue[]> {
  const { flows } = await createFlowStore(db.hot).read();
  return Promise.all(
    figures.map(async (each) => {
      const flow = flows.get(each.spoke);
      const left = flow?.drain == null ? 0 : (await keptBack(db, each.spoke, false)).count;
      return queueView(each, flow, left);
    }),
  );
}
