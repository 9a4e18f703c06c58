/** Keeps the queues that are read up to date with what the hub tells, without asking again. */
import type { Queue, QueueEvent } from '@nave/api-schema';
import { useQueryClient } from '@tanstack/react-query';
import { useLive } from '../../api/live.ts';
import { queueQuery, queuesQuery } from '../spokes/api.ts';

/** At most ten times a second, however many events come. */
export function useLiveQueues(): void {
  const queries = useQueryClient();
  useLive(({ queues }) => {
    if (queues.length === 0) return;
    queries.setQueryData(queuesQuery.queryKey, (before) => (before === undefined ? undefined : withQueueEvents(before, queues)));
    for (const event of queues) {
      const { queryKey } = queueQuery(event.spoke);
      if (queries.getQueryData(queryKey) !== undefined) queries.setQueryData(queryKey, queueOf(event));
    }
  });
}

/** A queue that is new comes at the end. */
function withQueueEvents(before: ReadonlyMap<string, Queue>, events: readonly QueueEvent[]): ReadonlyMap<string, Queue> {
  const next = new Map(before);
  for (const event of events) next.set(event.spoke, queueOf(event));
  return next;
}

function queueOf({ id: _id, at: _at, ...queue }: QueueEvent): Queue {
  return queue;
}
