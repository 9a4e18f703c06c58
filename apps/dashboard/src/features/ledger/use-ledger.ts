/** The ledger of a window, kept fresh. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';

/** It counts rows: more often would be work for nothing, as minutes are checked after they ended. */
const REFRESH_MS = 15_000;

export const ledgerQuery = (window: string) =>
  queryOptions({
    queryKey: ['ledger', window],
    queryFn: () => hub.ledger.get(window),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    staleTime: REFRESH_MS,
  });
