/**
 * The list behind the page: keyset pages at its end, what happens live at its top, and a bound on what is kept.
 * What arrives is held back while the reader is not at the top (`atTop`, `showHeld`). Events tell little and may be lost, so the hub is asked for the truth at most once
 * in `SETTLE_MS`.
 */
import type { MessageList as Page } from '@nave/api-schema';
import type { LiveBatch } from '../../api/live.ts';
import { eventRow, type MessageRow, withDeliveries, withListed, withNew } from './live-rows.ts';
import { type MessageFilter, momentOf, queryOf, takes } from './message-search.ts';

export interface ListSnapshot {
  rows: readonly MessageRow[];
  /** The first page is being read. */
  loading: boolean;
  error: Error | null;
  hasMore: boolean;
  loadingMore: boolean;
  moreError: Error | null;
  /** Arrived, and not shown yet. */
  held: number;
}

export interface ListOptions {
  filter: MessageFilter;
  /** `events`: events say what is new. `asked`: they only say that it is worth to ask. */
  live: 'off' | 'events' | 'asked';
  read: (query: ListQuery) => Promise<Page>;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Calls back after a while; gives what cancels it. */
  later: (run: () => void, ms: number) => () => void;
}

export type ListQuery = ReturnType<typeof queryOf> & { limit?: number; cursor?: string };

export type MessageListStore = ReturnType<typeof createMessageList>;

/** What is kept while the list is live: older rows leave at its end, and can be read again. */
export const ROWS_MAX = 2_000;
export const SETTLE_MS = 1_000;
const HELD_MAX = 1_000;
const PAGE_ITEMS = 100;
const SETTLE_ITEMS = 200;

const EMPTY: ListSnapshot = { rows: [], loading: true, error: null, hasMore: false, loadingMore: false, moreError: null, held: 0 };

export function createMessageList({ filter, live, read, now, later }: ListOptions) {
  const listeners = new Set<() => void>();
  const belongs = takes(filter);
  let snapshot = EMPTY;
  let held: readonly MessageRow[] = [];
  /** More was held back than is kept. */
  let overflown = false;
  /** What reads the page after the last row. */
  let next: ListQuery | null = null;
  let cancelSettle: (() => void) | null = null;
  /** The reader is at the top: nothing is held back, so that what arrived and what is known of it are drawn at once. */
  let following = false;
  /** Counts starts, so that answers to an earlier one are known to be late. */
  let run = 0;

  const change = (changes: Partial<ListSnapshot>) => {
    snapshot = { ...snapshot, ...changes };
    for (const listener of listeners) listener();
  };

  const nextOf = (query: ListQuery, page: Page): ListQuery | null =>
    page.nextCursor === null ? null : { ...query, cursor: page.nextCursor };

  async function first(): Promise<void> {
    const mine = run;
    const query = { ...queryOf(filter, now()), limit: PAGE_ITEMS };
    try {
      const page = await read(query);
      if (mine !== run) return;
      held = [];
      overflown = false;
      next = nextOf(query, page);
      change({ ...EMPTY, loading: false, rows: withListed([], page.items), hasMore: next !== null });
    } catch (error) {
      if (mine === run) change({ loading: false, error: toError(error) });
    }
  }

  async function more(): Promise<void> {
    if (next === null || snapshot.loadingMore) return;
    const mine = run;
    const query = next;
    change({ loadingMore: true, moreError: null });
    try {
      const page = await read(query);
      if (mine !== run) return;
      // Trimmed meanwhile: this page no longer follows the last row.
      const follows = query === next;
      if (follows) next = nextOf(query, page);
      change({ rows: follows ? withListed(snapshot.rows, page.items) : snapshot.rows, hasMore: next !== null, loadingMore: false });
    } catch (error) {
      if (mine === run) change({ loadingMore: false, moreError: toError(error) });
    }
  }

  /** Asks for the newest; what is listed is the truth about the stretch of time that it covers. */
  async function settle(): Promise<void> {
    if (live === 'off' || snapshot.loading) return;
    const mine = run;
    const loose = snapshot.rows.find((row) => row.loose);
    const newest = { ...queryOf(filter, now()), limit: SETTLE_ITEMS };
    try {
      const page = await read(newest);
      if (mine !== run) return;
      learn(newest, page);
      const left = snapshot.rows.find((row) => row.loose);
      // Beyond what one page covers: read around the newest of them, unless it is new itself.
      if (left !== undefined && left.id === loose?.id) await around(left, mine);
    } catch {
      // The next event tries again; the connection's state is shown by the frame.
    }
  }

  async function around(row: MessageRow, mine: number): Promise<void> {
    const page = await read({ ...queryOf(filter, now()), limit: SETTLE_ITEMS, to: after(row.receivedAt) });
    if (mine !== run) return;
    const known = new Set(snapshot.rows.map(({ id }) => id));
    change({
      rows: withListed(
        snapshot.rows,
        page.items.filter(({ id }) => known.has(id)),
      ),
    });
    if (snapshot.rows.some((one) => one.loose)) settleSoon();
  }

  function learn(query: ListQuery, page: Page): void {
    const { rows } = snapshot;
    const top = rows[0];
    const last = page.items.at(-1);
    if (top !== undefined && last !== undefined && last.id > top.id && page.nextCursor !== null && held.length === 0) {
      // Nothing in common with what is shown: what lies between was missed, so the list begins anew.
      overflown = true;
      change({ held: Math.max(snapshot.held, page.items.length) });
      return;
    }
    const newer = page.items.filter(({ id }) => top === undefined || id > top.id);
    const shown = page.items.filter(({ id }) => top !== undefined && id <= top.id);
    held = withListed(held, newer).slice(0, HELD_MAX);
    const listed = new Set(page.items.map(({ id }) => id));
    const covered = page.nextCursor === null ? '' : (last?.id ?? '');
    const kept = live === 'asked' ? rows.filter(({ id }) => id < covered || listed.has(id)) : rows;
    if (rows.length === 0) next = nextOf(query, page);
    show(withListed(kept, shown), Math.max(held.length, overflown ? snapshot.held : 0));
    if (rows.length === 0) showHeld();
  }

  function settleSoon(): void {
    cancelSettle ??= later(() => {
      cancelSettle = null;
      void settle();
    }, SETTLE_MS);
  }

  /** Shows what was held back: the reader is at the top. */
  function showHeld(): void {
    if (overflown) {
      overflown = false;
      change({ held: 0 });
      void first();
      return;
    }
    if (held.length === 0) return;
    change({ ...unheld(snapshot.rows), held: 0 });
  }

  /** In one change, also when what was held back comes with it. @param count of what is held back */
  function show(rows: readonly MessageRow[], count: number): void {
    if (following && !overflown && held.length > 0) change({ ...unheld(rows), held: 0 });
    else if (rows !== snapshot.rows || count !== snapshot.held) change({ rows, held: count });
  }

  /** All that was held back, on top of these rows. */
  function unheld(under: readonly MessageRow[]): Pick<ListSnapshot, 'rows' | 'hasMore'> {
    let rows = withNew(under, held);
    held = [];
    const last = rows[ROWS_MAX - 1];
    if (rows.length > ROWS_MAX && last !== undefined) {
      rows = rows.slice(0, ROWS_MAX);
      next = { ...queryOf(filter, now()), limit: PAGE_ITEMS, to: after(last.receivedAt) };
    }
    return { rows, hasMore: next !== null };
  }

  return {
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => snapshot,
    start(): void {
      run += 1;
      void first();
    },
    /** Late answers no longer count. */
    stop(): void {
      run += 1;
      cancelSettle?.();
      cancelSettle = null;
    },
    retry(): void {
      change({ loading: true, error: null });
      void first();
    },
    more: () => void more(),
    showHeld,
    atTop(is: boolean): void {
      following = is;
    },
    /** After the connection came back: what was missed is asked for. */
    catchUp: settleSoon,
    take({ messages, deliveries, dropped }: Pick<LiveBatch, 'messages' | 'deliveries' | 'dropped'>): void {
      if (live === 'off' || snapshot.loading || snapshot.error !== null) return;
      if (live === 'asked') {
        settleSoon();
        return;
      }
      const fromMs = Date.parse(momentOf(filter.from, now()) ?? '') || 0;
      const arrived = messages.filter((event) => belongs(event) && Date.parse(event.at) >= fromMs).map(eventRow);
      const known = new Set(snapshot.rows.map(({ id }) => id));
      const before = held.length;
      held = withDeliveries(
        withNew(
          held,
          arrived.filter(({ id }) => !known.has(id)),
        ),
        deliveries,
      );
      const count = snapshot.held + held.length - before;
      if (held.length > HELD_MAX) {
        held = held.slice(0, HELD_MAX);
        overflown = true;
      }
      const rows = withDeliveries(snapshot.rows, deliveries);
      show(rows, count);
      if (dropped > 0 || held.some((row) => row.loose) || snapshot.rows.some((row) => row.loose)) settleSoon();
    },
  };
}

/** The end of a stretch that still has this moment in it: the hub keeps finer times than it tells. */
function after(at: string): string {
  return new Date(Date.parse(at) + 1).toISOString();
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
