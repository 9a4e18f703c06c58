/** One cache for everything that was read from the hub. */
import { ApiError } from '@nave/sdk';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { sessionQuery } from './session.ts';

const STALE_MS = 5_000;
const RETRIES = 2;

/** A refusal is an answer, asking again changes nothing; only trouble on the way is tried again. */
function passes(error: Error): boolean {
  return !(error instanceof ApiError) || error.status >= 500;
}

export function createQueryClient(): QueryClient {
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
