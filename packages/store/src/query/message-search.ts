/** Searching messages in id order: a bounded walk over an index, filtered by what can only be derived. Lists, previews and replays use it. */
import { compileTypePattern, type MessageState } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { type DeliveryFacts, deliveryFacts, derivedState } from './delivery-facts.ts';
import { boundsOf, higher, type IdBounds, lower } from './id-bounds.ts';
import { type MessageRow, type MessageSource, messageCandidates } from './message-candidates.ts';

export interface MessageFilter {
  spokes: readonly string[];
  /** Patterns as in routes (`order.*`). */
  types: readonly string[];
  states: readonly MessageState[];
  routes: readonly string[];
  /** Null = all messages; else only these. */
  ids: readonly string[] | null;
  /** Inclusive, ms since the epoch. */
  fromMs: number | null;
  /** Exclusive. */
  toMs: number | null;
}

export interface FoundMessage extends MessageRow {
  state: MessageState;
  completedAt: Date | null;
}

export interface SearchOptions {
  order: 'newest' | 'oldest';
  /** Id the walk ended at before; exclusive. */
  after: string | null;
  limit: number;
  /** Rows looked at before the walk gives up for this time. */
  scanMax?: number;
}

export interface SearchResult {
  items: FoundMessage[];
  /** Where the next call goes on; null when there is nothing more. */
  next: string | null;
}

/** Rows one call looks at: keeps a search for something rare to some hundred milliseconds; the caller goes on with `next`. */
const SCAN_MAX = 20_000;
const BATCH_MAX = 2_000;
/** Open messages are few next to all: up to this many are gathered from the partial indexes instead of being walked to. */
const GATHER_MAX = 20_000;

/** May give fewer than `limit` although there is more: `next` then tells where to go on. */
export async function searchMessages(
  prisma: Pick<Database['prisma'], '$queryRaw'>,
  filter: MessageFilter,
  options: SearchOptions,
): Promise<SearchResult> {
  const { order, limit, scanMax = SCAN_MAX } = options;
  const range = boundsOf(filter.fromMs, filter.toMs);
  const source = await sourceOf(prisma, filter, range);
  const derives = filter.states.length > 0 || filter.routes.length > 0;
  const matchers = filter.types.map(compileTypePattern);
  const items: FoundMessage[] = [];
  let after = options.after;
  for (
    let scanned = 0, size = derives || matchers.length > 0 ? Math.max(200, limit * 2) : limit + 1;
    ;
    size = Math.min(size * 2, BATCH_MAX)
  ) {
    const window = windowAfter(range, order, after);
    const batch = await messageCandidates(prisma, { source, spokes: filter.spokes, ...window, order, limit: size });
    const typed = matchers.length === 0 ? batch : batch.filter(({ type }) => matchers.some((matches) => matches(type)));
    const facts = await deliveryFacts(
      prisma,
      typed.map(({ id }) => id),
    );
    for (const row of typed) {
      const found = { ...row, ...derivedState(facts(row.id), row.unrouted, row.receivedAt) };
      if (!matchesDerived(filter, found.state, facts(row.id))) continue;
      if (items.length === limit) return { items, next: items.at(-1)?.id ?? null };
      items.push(found);
    }
    const last = batch.at(-1);
    if (last === undefined || batch.length < size) return { items, next: null };
    after = last.id;
    scanned += size;
    if (scanned >= scanMax) return { items, next: after };
  }
}

/** The cheapest index that holds everything the filter can match. */
async function sourceOf(prisma: Pick<Database['prisma'], '$queryRaw'>, filter: MessageFilter, range: IdBounds): Promise<MessageSource> {
  if (filter.ids !== null) return { ids: filter.ids };
  const [state] = filter.states;
  if (filter.states.length !== 1) return 'all';
  if (state === 'unrouted') return 'unrouted';
  if (state === 'failed') return 'dead';
  if (state !== 'accepted') return 'all';
  const rows = await prisma.$queryRaw<{ id: string }[]>(openMessagesSql(range, GATHER_MAX + 1));
  return rows.length > GATHER_MAX ? 'all' : { ids: [...new Set(rows.map(({ id }) => id))] };
}

/** Messages with open deliveries, over the partial indexes. */
export function openMessagesSql({ low, high }: IdBounds, limit: number): Prisma.Sql {
  const from = low === null ? Prisma.empty : Prisma.sql`AND message_id >= ${low}::uuid`;
  const to = high === null ? Prisma.empty : Prisma.sql`AND message_id < ${high}::uuid`;
  return Prisma.sql`SELECT id FROM (
      (SELECT message_id AS id FROM delivery WHERE due_at IS NOT NULL ${from} ${to} LIMIT ${limit})
      UNION ALL
      (SELECT message_id AS id FROM delivery WHERE state IN ('held', 'unknown') ${from} ${to} LIMIT ${limit})
    ) AS open LIMIT ${limit}`;
}

function windowAfter(range: IdBounds, order: 'newest' | 'oldest', after: string | null): IdBounds {
  if (after === null) return range;
  if (order === 'newest') return { low: range.low, high: lower(range.high, after) };
  return { low: higher(range.low, nextId(after)), high: range.high };
}

/** The smallest id above `id`: bounds are half-open. */
function nextId(id: string): string {
  const next = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return `${next.slice(0, 8)}-${next.slice(8, 12)}-${next.slice(12, 16)}-${next.slice(16, 20)}-${next.slice(20, 32)}`;
}

function matchesDerived(filter: MessageFilter, state: MessageState, facts: DeliveryFacts): boolean {
  if (filter.states.length > 0 && !filter.states.includes(state)) return false;
  return filter.routes.length === 0 || filter.routes.some((route) => facts.routes.includes(route));
}
