/** One cache for everything that was read from the hub. */
import { ApiError } from '@nave/sdk';
import { MutationCache, notifyManager, QueryCache, QueryClient } from '@tanstack/react-query';
import { sessionQuery } from './session.ts';

const STALE_MS = 5_000;
const RETRIES = 2;
/** Answers that come so close together are drawn at once: drawing a page takes as long as that. */
const TOGETHER_MS = 16;

/** A refusal is an answer, asking again changes nothing; only trouble on the way is tried again. */
function passes(error: Error): boolean {
  return !(error instanceof ApiError) || error.status >= 500;
}

export function createQueryClient(): QueryClient {
  notifyManager.setScheduler(together(TOGETHER_MS));
  const signedOut = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== 'session') signedOut(error);
      },
    }),
    mutationCache: new MutationCache({ onError: signedOut }),
    defaultOptions: {
      queries: { staleTime: STALE_MS, retry: (failures, error) => failures < RETRIES && passes(error), refetchOnWindowFocus: true },
      // They hold new keys, credentials and revealed payloads: forgotten as soon as nothing shows them.
      mutations: { retry: false, gcTime: 0 },
    },
  });
  return client;
}

/** Runs all that comes within some time of the first in one task, so that React draws once. @returns what takes a callback for later */
function together(ms: number): (callback: () => void) => void {
  let waiting: (() => void)[] = [];
  const run = () => {
    const due = waiting;
    waiting = [];
    for (const callback of due) {
      try {
        callback();
      } catch (error) {
        // One listener's trouble is not the others'.
        reportError(error);
      }
    }
  };
  return (callback) => {
    waiting.push(callback);
    if (waiting.length === 1) setTimeout(run, ms);
  };
}
