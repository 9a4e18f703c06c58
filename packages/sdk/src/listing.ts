/** Lists of the hub: page by page, or item by item over all pages. */
import type { QueryValues } from './transport/query-string.ts';
import type { Transport } from './transport/transport.ts';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface Bound {
  /** Items after which the iteration ends; default 10,000. */
  itemsMax?: number;
}

export interface Listing<Item, Query extends QueryValues> {
  /** One page, newest first; `limit` 1 to 200, `cursor` from the page before. */
  list(query?: Query & { limit?: number; cursor?: string }): Promise<Page<Item>>;
  /** Items of as many pages as it takes. */
  all(query?: Query, bound?: Bound): AsyncGenerator<Item, void>;
}

const ITEMS_MAX = 10_000;
const PAGE_ITEMS_MAX = 200;

export function listingOf<Item, Query extends QueryValues>(transport: Transport, path: string): Listing<Item, Query> {
  const list: Listing<Item, Query>['list'] = (query) => transport.request<Page<Item>>({ path, ...(query === undefined ? {} : { query }) });
  return {
    list,
    all: (query, { itemsMax = ITEMS_MAX } = {}) =>
      eachItem((cursor, limit) => transport.request({ path, query: { ...query, limit, cursor } }), itemsMax),
  };
}

/** A page without items, or a cursor that repeats, ends it too: a hub gone wrong must not keep anybody for ever. */
async function* eachItem<Item>(
  read: (cursor: string | undefined, limit: number) => Promise<Page<Item>>,
  itemsMax: number,
): AsyncGenerator<Item, void> {
  let left = itemsMax;
  let cursor: string | undefined;
  while (left > 0) {
    const page = await read(cursor, Math.min(left, PAGE_ITEMS_MAX));
    for (const item of page.items.slice(0, left)) yield item;
    left -= page.items.length;
    if (page.nextCursor === null || page.nextCursor === cursor || page.items.length === 0) return;
    cursor = page.nextCursor;
  }
}
