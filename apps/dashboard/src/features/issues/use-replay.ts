/** Replays, read while they run. */
import type { Replay } from '@nave/api-schema';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';
import { useIntervened } from './use-issues.ts';

const RUNNING_MS = 1_000;
const RESTING_MS = 10_000;
const PAGE = 100;

export function useReplay(id: string) {
  return useQuery({
    queryKey: ['replays', id],
    queryFn: () => hub.replays.get(id),
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? RUNNING_MS : RESTING_MS),
  });
}

export function useReplays() {
  return useInfiniteQuery({
    queryKey: ['replays', 'list'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => hub.replays.list({ limit: PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state: { data } }) =>
      (data?.pages.length ?? 0) > 1 ? false : data?.pages[0]?.items.some(({ state }) => state === 'running') ? RUNNING_MS : RESTING_MS,
  });
}

export type ReplayMove = 'pause' | 'resume' | 'stop';

/** @param onMoved after the answer */
export function useReplayMove(id: string, onMoved: (move: ReplayMove) => void) {
  const queries = useQueryClient();
  const intervened = useIntervened();
  return useMutation({
    mutationFn: (move: ReplayMove) => hub.replays[move](id),
    onSuccess: (replay: Replay, move) => {
      queries.setQueryData(['replays', id], replay);
      void intervened();
      onMoved(move);
    },
  });
}
