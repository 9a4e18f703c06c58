/** A message with its deliveries, read again when something happens to it; its deliveries with what may be done to them; routes as they were. */
import type { RouteVersion } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import { queryOptions, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { hub } from '../../api/client.ts';
import { useLive, useLiveState } from '../../api/live.ts';
import type { Run } from './runs.ts';

const REFRESH_MS = 500;
const VERSIONS_MAX = 1_000;

const messageQuery = (id: string) => queryOptions({ queryKey: ['messages', 'one', id], queryFn: () => hub.messages.get(id) });

export const deliveryQuery = (id: string) => queryOptions({ queryKey: ['deliveries', id], queryFn: () => hub.deliveries.get(id) });

export function useMessage(id: string) {
  const queries = useQueryClient();
  const timer = useRef<number | null>(null);
  const connection = useLiveState();
  useLive(({ deliveries }) => {
    const mine = deliveries.filter(({ messageId }) => messageId === id);
    if (mine.length === 0) return;
    for (const each of mine) void queries.invalidateQueries({ queryKey: ['deliveries', each.id] });
    timer.current ??= window.setTimeout(() => {
      timer.current = null;
      void queries.invalidateQueries({ queryKey: messageQuery(id).queryKey });
    }, REFRESH_MS);
  });
  useEffect(() => {
    // Whatever happened while nobody listened.
    if (connection === 'open') void queries.invalidateQueries({ queryKey: messageQuery(id).queryKey });
  }, [connection, queries, id]);
  useEffect(
    () => () => {
      if (timer.current !== null) window.clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return useQuery(messageQuery(id));
}

const versionQuery = (route: string, version: number) =>
  queryOptions({
    queryKey: ['routes', route, 'versions', version],
    queryFn: () => findVersion(route, version),
    // What was stored as a version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The routes of runs, as they were: `null` where that is not stored (any more), undefined while it is read. */
export function useRunVersions(runs: readonly Run[]): (RouteVersion | null | undefined)[] {
  return useQueries({ queries: runs.map(({ route, routeVersion }) => versionQuery(route, routeVersion)) }).map(({ data, isError }) =>
    isError ? null : data,
  );
}

async function findVersion(route: string, version: number): Promise<RouteVersion | null> {
  try {
    for await (const each of hub.routes.versions(route).all({}, { itemsMax: VERSIONS_MAX })) {
      if (each.version === version) return each;
      // Newest first.
      if (each.version < version) return null;
    }
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
  return null;
}
