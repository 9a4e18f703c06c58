/**
 * The rows of a list that goes on while it is looked at. Rows are never changed, only replaced, so that what is drawn again is what is new.
 * A row made from an event knows less than a listed one; it is `loose` until the hub was asked.
 */
import type { DeliveryEvent, MessageEvent, MessageList } from '@nave/api-schema';

type Listed = MessageList['items'][number];

export interface MessageRow extends Omit<Listed, 'size' | 'contentType'> {
  size: number | null;
  contentType: string | null;
  /** What is shown may be less, or older, than what the hub knows. */
  loose: boolean;
  /** States of its deliveries, as far as events told since it came; null for a listed row: there may be others. */
  deliveries: Readonly<Record<string, string>> | null;
}

const TERMINAL = new Set(['succeeded', 'dead', 'skipped', 'cancelled', 'compensated']);

export function listedRow(item: Listed): MessageRow {
  return { ...item, loose: false, deliveries: null };
}

export function eventRow({ id, at, source, type, unrouted }: MessageEvent): MessageRow {
  return {
    ...{ id, source, type, state: unrouted ? 'unrouted' : 'accepted', receivedAt: at, completedAt: null },
    ...{ idempotencyKey: null, correlationId: null, orderingKey: null, size: null, contentType: null },
    ...{ loose: true, deliveries: {} },
  };
}

/** Newest first, each once. The same array when nothing is new. */
export function withNew(rows: readonly MessageRow[], arrived: readonly MessageRow[]): readonly MessageRow[] {
  const known = new Set(rows.map(({ id }) => id));
  const fresh = arrived.filter(({ id }) => !known.has(id) && known.add(id));
  if (fresh.length === 0) return rows;
  fresh.sort(newestFirst);
  const top = rows[0];
  const last = fresh.at(-1);
  if (top === undefined || (last !== undefined && last.id > top.id)) return [...fresh, ...rows];
  return [...fresh, ...rows].sort(newestFirst);
}

/** What events say of deliveries, told of their messages. The same array when no row is concerned. */
export function withDeliveries(rows: readonly MessageRow[], events: readonly DeliveryEvent[]): readonly MessageRow[] {
  const concerned = new Map<string, DeliveryEvent[]>();
  for (const event of events) {
    const list = concerned.get(event.messageId);
    if (list === undefined) concerned.set(event.messageId, [event]);
    else list.push(event);
  }
  let changed = false;
  const next = rows.map((row) => {
    const told = concerned.get(row.id);
    if (told === undefined) return row;
    const after = told.reduce(afterDelivery, row);
    changed ||= after !== row;
    return after;
  });
  return changed ? next : rows;
}

/** What the hub listed replaces what was known. The same array when it says nothing new. */
export function withListed(rows: readonly MessageRow[], listed: readonly Listed[]): readonly MessageRow[] {
  const byId = new Map(listed.map((item) => [item.id, item]));
  let changed = false;
  const next = rows.map((row) => {
    const item = byId.get(row.id);
    byId.delete(row.id);
    if (item === undefined || (!row.loose && item.state === row.state && item.completedAt === row.completedAt)) return row;
    changed = true;
    return listedRow(item);
  });
  const known = changed ? next : rows;
  return byId.size === 0 ? known : withNew(known, [...byId.values()].map(listedRow));
}

function afterDelivery(row: MessageRow, { id, state }: DeliveryEvent): MessageRow {
  if (!TERMINAL.has(state)) {
    const deliveries = row.deliveries === null ? null : { ...row.deliveries, [id]: state };
    return { ...row, deliveries, state: 'accepted', completedAt: null };
  }
  // A listed row may have deliveries of which nothing is known: only the hub can tell what it is now.
  if (row.deliveries === null) return row.loose ? row : { ...row, loose: true };
  const deliveries = { ...row.deliveries, [id]: state };
  const states = Object.values(deliveries);
  const open = states.some((one) => !TERMINAL.has(one));
  return { ...row, loose: true, deliveries, state: open ? 'accepted' : states.includes('dead') ? 'failed' : 'completed' };
}

/** Ids are UUIDv7: later ones are greater. */
function newestFirst(a: MessageRow, b: MessageRow): number {
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
