/** Whether the first steps are shown: until all are done, or somebody sends them away. */
import type { Stats } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { useLiveRefresh } from '../../api/live.ts';
import { readStored, writeStored } from '../../parts/stored.ts';
import { firstRunProgress, OWN_SOURCE } from './first-run-progress.ts';
import type { Overview } from './use-overview.ts';

const KEY = 'first-run.dismissed';
const NEWEST = 50;
const LOOK_MS = 5_000;

export function useFirstRun({ stats, spokes, routes }: Pick<Overview, 'stats' | 'spokes' | 'routes'>) {
  const [dismissed, setDismissed] = useState(() => readStored(KEY) === true);
  // Once shown, it stays to say that all is done, until the page is left.
  const [begun, setBegun] = useState(false);
  const wanted = !dismissed && (begun || !isAtWork(stats.data)) && spokes.data !== undefined && routes.data !== undefined;
  const messages = useQuery({
    queryKey: ['messages', 'first-run'],
    queryFn: () => hub.messages.list({ limit: NEWEST }),
    enabled: wanted,
    refetchInterval: begun ? LOOK_MS : false,
  });
  useLiveRefresh(['messages', 'first-run'], ['messages'], 1_000);
  const progress =
    wanted && messages.data !== undefined
      ? firstRunProgress({
          spokes: spokes.data ?? [],
          routes: routes.data?.items ?? [],
          sources: messages.data.items.map(({ source }) => source),
        })
      : null;
  const unfinished = progress !== null && progress.next !== null;
  if (unfinished && !begun) setBegun(true);
  return {
    progress,
    shown: progress !== null && (unfinished || begun),
    /** Nothing else can be shown yet. */
    empty: spokes.data?.length === 0,
    spokes: spokes.data ?? [],
    dismiss: () => {
      writeStored(KEY, true);
      setDismissed(true);
    },
  };
}

/** Where messages come and go nobody needs to be shown how: then there is nothing to ask for. Notifications of the hub itself do not count. */
function isAtWork(stats: Stats | undefined): boolean {
  if (stats === undefined) return false;
  return stats.sources.some(({ spoke }) => spoke !== OWN_SOURCE) && stats.routes.some(({ route }) => !route.startsWith(`${OWN_SOURCE}.`));
}

export type FirstRunState = ReturnType<typeof useFirstRun>;
