/** Fetches records that changed, by search on the time of their last change: below its 10,000 results, and with a look back for what is indexed late. */
import { type AdapterContext, type PollDeclaration, type PolledItem, type PollPage, type PollStart, parseBody } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import type { HubspotClient } from './client.ts';
import { DEFAULT_OBJECTS, type HubspotConfig, type HubspotCredentials } from './config.ts';
import type { HubspotPaths } from './paths.ts';

const EVERY_MS = 60_000;
const TIMEOUT_MAX_MS = 60_000;
const PAGE_MAX = 200;
const SEEN_MAX = 1_000;
const DEFAULT_OVERLAP_SECONDS = 300;

/** One poll per object type. */
export function hubspotPolls({ objects }: Pick<HubspotConfig, 'objects'>): PollDeclaration[] {
  return (objects ?? DEFAULT_OBJECTS).map((type) => ({
    name: type.toLowerCase(),
    title: `Changed ${type}`,
    everyMs: EVERY_MS,
    eventTypes: [`${type}.changed`],
  }));
}

const Cursor = Type.Object({
  /** Latest change seen, in ms since the epoch by the clock of HubSpot. */
  high: Type.Number(),
  /** Never looks before this, however far it looks back: the latest change when the poll was switched on. */
  floor: Type.Optional(Type.Number()),
  /** Where this round goes on; null: a new round begins. */
  since: Type.Union([Type.Number(), Type.Null()]),
  /** Within one millisecond that fills a page: records after this id. */
  after: Type.Union([Type.String(), Type.Null()]),
  /** Keys of the round before and of this one. */
  seen: Type.Array(Type.String()),
  fresh: Type.Array(Type.String()),
});

interface Changed {
  id: string;
  atMs: number;
  record: object;
}

interface PollRequest {
  name: string;
  cursor: string | null;
  limit: number;
  from: PollStart;
}

export async function pollHubspot(
  { name, cursor, limit, from }: PollRequest,
  client: HubspotClient,
  config: HubspotConfig,
  paths: HubspotPaths,
  { policy }: AdapterContext<HubspotCredentials>,
  signal: AbortSignal,
): Promise<PollPage> {
  const type = (config.objects ?? DEFAULT_OBJECTS).find((each) => each.toLowerCase() === name);
  if (type === undefined) return failed(`the spoke has no poll called ${name}`);
  const at = cursor === null ? null : parseCursor(cursor);
  if (at === undefined) return failed('the cursor is not one of this poll');
  const timeoutMs = Math.min(policy.timeoutMs, TIMEOUT_MAX_MS);
  const ask = (search: unknown): Promise<Found> => searchChanges({ type, search, timeoutMs }, client, paths, signal);
  if (at === null && from === 'now') {
    const newest = await ask(searchOf(type, { since: 0, after: null, limit: PAGE_MAX, newestFirst: true }, config));
    return newest.ok ? { ok: true, items: [], cursor: write(startAfter(newest.changes)), more: false } : newest;
  }
  const position = at ?? START;
  const overlapMs = (config.pollOverlapSeconds ?? DEFAULT_OVERLAP_SECONDS) * 1_000;
  const since = position.since ?? Math.max(position.floor ?? 0, position.high - overlapMs);
  const count = Math.max(2, Math.min(limit, PAGE_MAX));
  const found = await ask(searchOf(type, { since, after: position.after, limit: count, newestFirst: false }, config));
  if (!found.ok) return found;
  const { changes } = found;
  const seen = new Set([...position.seen, ...position.fresh]);
  const items = changes
    .filter((change) => !seen.has(keyOf(change)))
    .map((change): PolledItem => {
      return { type: `${type}.changed`, data: change.record, idempotencyKey: `${type}:${keyOf(change)}`, orderingKey: change.id };
    });
  const fresh = [...position.fresh, ...changes.map(keyOf)].slice(-SEEN_MAX);
  const last = changes.at(-1);
  const high = changes.reduce((latest, { atMs }) => Math.max(latest, atMs), position.high);
  const full = changes.length >= count && last !== undefined;
  if (full && position.after === null && last.atMs === since)
    return { ok: true, items, cursor: write({ ...position, high, since, after: '0', fresh }), more: true };
  if (full && position.after !== null)
    return { ok: true, items, cursor: write({ ...position, high, since, after: last.id, fresh }), more: true };
  if (full) return { ok: true, items, cursor: write({ ...position, high, since: last.atMs, after: null, fresh }), more: true };
  // The one full millisecond is through; what came after it is still to be asked for.
  if (position.after !== null)
    return { ok: true, items, cursor: write({ ...position, high, since: since + 1, after: null, fresh }), more: true };
  return { ok: true, items, cursor: write({ ...position, high, since: null, after: null, seen: fresh, fresh: [] }), more: false };
}

type Found = { ok: true; changes: Changed[] } | { ok: false; outcome: Outcome };

async function searchChanges(
  { type, search, timeoutMs }: { type: string; search: unknown; timeoutMs: number },
  client: HubspotClient,
  paths: HubspotPaths,
  signal: AbortSignal,
): Promise<Found> {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'User-Agent': 'Nave' };
  const request = { method: 'POST', url: paths.objects(type, 'search'), headers, body: JSON.stringify(search), timeoutMs };
  const outcome = await client.exchange(request, signal);
  if (outcome.kind !== 'ok') return { ok: false, outcome };
  const changes = readChanges(outcome, propertyOf(type));
  return changes === null
    ? { ok: false, outcome: { ...outcome, kind: 'fault', detail: `${outcome.detail} with something that is not a list of records` } }
    : { ok: true, changes };
}

/** Behind what is there: by the clock of HubSpot, because what lies between the two clocks would be lost or come as if it were new. */
function startAfter(newest: readonly Changed[]): Position {
  const floor = newest[0]?.atMs ?? 0;
  return { ...START, high: floor, floor, seen: newest.filter(({ atMs }) => atMs === floor).map(keyOf) };
}

interface Position {
  high: number;
  floor?: number | undefined;
  since: number | null;
  after: string | null;
  seen: string[];
  fresh: string[];
}

const START: Position = { high: 0, since: null, after: null, seen: [], fresh: [] };

const write = (position: Position): string => JSON.stringify(position);
const keyOf = ({ id, atMs }: Changed): string => `${id}:${atMs}`;

/** Contacts call it otherwise than every other type. */
function propertyOf(type: string): string {
  return type === 'contacts' || type === '0-1' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
}

interface Wanted {
  since: number;
  after: string | null;
  limit: number;
  newestFirst: boolean;
}

/** Never with `after` of HubSpot, which ends at 10,000: pages are told apart by time, and within one millisecond by id. */
function searchOf(type: string, { since, after, limit, newestFirst }: Wanted, { properties = {} }: HubspotConfig): unknown {
  const changed = propertyOf(type);
  const wanted = Object.hasOwn(properties, type) ? { properties: [...new Set([...(properties[type] ?? []), changed])] } : {};
  const filters =
    after === null
      ? [{ propertyName: changed, operator: 'GTE', value: String(since) }]
      : [
          { propertyName: changed, operator: 'EQ', value: String(since) },
          { propertyName: 'hs_object_id', operator: 'GT', value: after },
        ];
  return {
    filterGroups: [{ filters }],
    sorts: [{ propertyName: after === null ? changed : 'hs_object_id', direction: newestFirst ? 'DESCENDING' : 'ASCENDING' }],
    limit,
    ...wanted,
  };
}

function readChanges({ response }: Outcome, property: string): Changed[] | null {
  const parsed = parseBody('application/json', response?.body ?? new Uint8Array());
  const results: unknown = parsed.ok ? Reflect.get(Object(parsed.data), 'results') : null;
  if (!Array.isArray(results)) return null;
  const changes: Changed[] = [];
  for (const record of results) {
    if (typeof record !== 'object' || record === null) return null;
    const id: unknown = Reflect.get(record, 'id');
    const time = timeOf(Reflect.get(Object(Reflect.get(record, 'properties')), property)) ?? timeOf(Reflect.get(record, 'updatedAt'));
    if (typeof id !== 'string' || time === null) return null;
    changes.push({ id, atMs: time, record });
  }
  return changes;
}

function timeOf(value: unknown): number | null {
  const time = typeof value === 'string' ? (/^[0-9]{10,16}$/.test(value) ? Number(value) : Date.parse(value)) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function parseCursor(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return Check(Cursor, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function failed(detail: string): PollPage {
  return { ok: false, outcome: { kind: 'invalid', status: null, detail, sent: false } };
}
