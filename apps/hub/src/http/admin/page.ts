/** Pages of lists: one item more than asked for is read, to know whether there is a next page. */
import type { ListQuery } from '@nave/api-schema';
import { type TSchema, Type } from 'typebox';
import { decodeCursor, encodeCursor } from '../cursor.ts';

export interface PageOptions<Item, Row> {
  query: ListQuery;
  /** What tells this list from others, and its filter. */
  list: unknown;
  /** Reads at most `limit` rows after the position of the last one; null = from the start. */
  read: (options: { limit: number; after: string | null }) => Promise<Row[]>;
  positionOf: (row: Row) => string;
  present: (row: Row) => Item;
}

const Position: TSchema = Type.String({ minLength: 1, maxLength: 200 });

/** One page. @throws HubError `request.cursor` */
export async function pageOf<Item, Row>(options: PageOptions<Item, Row>): Promise<{ items: Item[]; nextCursor: string | null }> {
  const { query, list, read, positionOf, present } = options;
  const position = decodeCursor(Position, query.cursor, list);
  const rows = await read({ limit: query.limit + 1, after: typeof position === 'string' ? position : null });
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return { items: shown.map(present), nextCursor: more ? encodeCursor(positionOf(last), list) : null };
}
