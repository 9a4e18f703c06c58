/** Everything the map shows, read from the hub and kept fresh. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { hub } from '../../api/client.ts';
import { useNow } from '../../parts/time.tsx';
import { routesQuery, useLiveQueues } from '../queues/api.ts';
import { familyRank, kindsQuery, queuesQuery, spokesQuery } from '../spokes/api.ts';
import { mapModel } from './map-model.ts';

/** Traffic is told of this window. */
const WINDOW = '5m';
const WINDOW_SECONDS = 300;
const REFRESH_MS = 10_000;
const CLOCK_MS = 5_000;

export function useMap() {
  const spokes = useQuery({ ...spokesQuery, refetchInterval: REFRESH_MS });
  const kinds = useQuery(kindsQuery);
  const queues = useQuery(queuesQuery);
  const routes = useQuery({ ...routesQuery, refetchInterval: 3 * REFRESH_MS });
  const stats = useQuery({
    queryKey: ['stats', 'totals', WINDOW],
    queryFn: () => hub.stats.get(WINDOW),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
  useLiveQueues();
  const clock = Math.floor(useNow() / CLOCK_MS) * CLOCK_MS;
  const model = useMemo(
    () =>
      mapModel({
        ...{ spokes: spokes.data ?? [], kinds: kinds.data ?? [], routes: routes.data ?? [], stats: stats.data ?? null },
        ...{ queues: queues.data ?? null, windowSeconds: WINDOW_SECONDS, familyRank, nowMs: clock },
      }),
    [spokes.data, kinds.data, routes.data, stats.data, queues.data, clock],
  );
  // Without kinds nobody knows the families, without routes everything would be drawn twice.
  const pending = spokes.isPending || kinds.isPending || routes.isPending;
  const failed = [spokes, routes, kinds].find(({ isError, data }) => isError && data === undefined) ?? null;
  return { model, spokes: spokes.data, stats: stats.data ?? null, pending, failed };
}
