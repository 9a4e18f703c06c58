/** How much a replay would cover, before anything happens. */
import { timeOfUuid } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { sortFailures } from '../issues/sort-failures.ts';
import { boundsOf } from '../query/id-bounds.ts';
import { bounds, oneOf } from '../query/message-candidates.ts';
import { searchMessages } from '../query/message-search.ts';
import { countDead } from './dead-deliveries.ts';
import { messageFilterOf, type ReplayFilter, type ReplayMode } from './replay-filter.ts';

export interface ReplayPreview {
  count: number;
  /** When the oldest and the newest were received; null when there are none. */
  oldestMs: number | null;
  newestMs: number | null;
  /** False when counting stopped early: there are at least `count`. */
  exact: boolean;
}

/** Messages a preview counts one by one where no index can: enough to judge, and about a second. */
const WALK_MAX = 100_000;
/** Failures sorted into issues on the way. */
const SORT_MAX = 10_000;

export async function previewReplay(
  prisma: Database['prisma'],
  mode: ReplayMode,
  filter: ReplayFilter,
  nowMs: number,
): Promise<ReplayPreview> {
  if (mode !== 'replay') {
    const unsorted = filter.issue !== null && (await sortFailures(prisma, SORT_MAX)).more;
    return byIds({ ...(await countDead(prisma, filter, nowMs)), exact: !unsorted });
  }
  if (filter.types.length === 0 && filter.states.length === 0 && filter.routes.length === 0 && filter.ids === null) {
    return byIds({ ...(await countMessages(prisma, filter, nowMs)), exact: true });
  }
  return walk(prisma, filter, nowMs);
}

async function countMessages(prisma: Database['prisma'], filter: ReplayFilter, nowMs: number) {
  const { low, high } = boundsOf(filter.fromMs, Math.min(filter.toMs ?? nowMs, nowMs));
  const [row] = await prisma.$queryRaw<{ count: number; oldest: string | null; newest: string | null }[]>(Prisma.sql`
    SELECT count(*)::int AS count, min(m.id::text) AS oldest, max(m.id::text) AS newest FROM message m
    WHERE true ${bounds('m.id', low, high)} ${oneOf('m.spoke', filter.spokes)}`);
  return row ?? { count: 0, oldest: null, newest: null };
}

async function walk(prisma: Database['prisma'], filter: ReplayFilter, nowMs: number): Promise<ReplayPreview> {
  const within = messageFilterOf(filter, nowMs);
  let count = 0;
  let oldest: string | null = null;
  let newest: string | null = null;
  let after: string | null = null;
  for (let scanned = 0; scanned < WALK_MAX; scanned += 2_000) {
    const { items, next } = await searchMessages(prisma, within, { order: 'oldest', after, limit: 2_000, scanMax: 2_000 });
    count += items.length;
    oldest ??= items[0]?.id ?? null;
    newest = items.at(-1)?.id ?? newest;
    if (next === null) return byIds({ count, oldest, newest, exact: true });
    after = next;
  }
  return byIds({ count, oldest, newest, exact: false });
}

function byIds({
  count,
  oldest,
  newest,
  exact,
}: {
  count: number;
  oldest: string | null;
  newest: string | null;
  exact: boolean;
}): ReplayPreview {
  return { count, oldestMs: oldest === null ? null : timeOfUuid(oldest), newestMs: newest === null ? null : timeOfUuid(newest), exact };
}
