/** The queues of all spokes that take deliveries, live, with what is the matter with each. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useNow } from '../../parts/time.tsx';
import { queuesQuery, spokesQuery, takesDeliveries } from '../spokes/api.ts';
import { type QueueRow, queueRow } from './queue-attention.ts';
import { useLiveQueues } from './use-live-queues.ts';

/** Only patience and budgets are judged by the clock, so that rows are not made anew each second. */
const CLOCK_MS = 5_000;

export function useQueueRows() {
  const queues = useQuery(queuesQuery);
  const spokes = useQuery(spokesQuery);
  const clock = Math.floor(useNow() / CLOCK_MS) * CLOCK_MS;
  useLiveQueues();
  const rows = useMemo((): QueueRow[] => {
    const known = new Map((spokes.data ?? []).map((spoke) => [spoke.name, spoke]));
    return [...(queues.data?.values() ?? [])]
      .filter((queue) => {
        const spoke = known.get(queue.spoke);
        return spoke === undefined || takesDeliveries(spoke) || Object.values(queue.depth).some((count) => count > 0);
      })
      .map((queue) => queueRow(queue, known.get(queue.spoke), clock));
  }, [queues.data, spokes.data, clock]);
  return { rows, queues, spokes: spokes.data, pending: queues.isPending || spokes.isPending };
}
