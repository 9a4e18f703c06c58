/** Fetches invoices and stock cards that changed (filter `lastChanges`), page by page, with the clock of the Pohoda server. */
import { createHash } from 'node:crypto';
import type { AdapterContext, PollDeclaration, PolledItem, PollPage, PollStart } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { outcomeOfExchange } from '@nave/protocols';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import type { MServer } from './client.ts';
import type { PohodaConfig, PohodaCredentials } from './config.ts';
import { invoicesRequest, type ListRequest, stockRequest } from './documents/list.ts';
import { failureOf } from './judge-pack.ts';
import { readResponse } from './read-response.ts';
import { nextIdOf, type PohodaRecord, type RecordPage, recordsOf } from './records.ts';
import { buildDataPack } from './xml/data-pack.ts';
import type { XmlElement } from './xml/write-xml.ts';

export const POHODA_POLLS: readonly PollDeclaration[] = [
  { name: 'invoices', title: 'Issued invoices that changed', everyMs: 300_000, eventTypes: ['invoice.changed'] },
  { name: 'stock', title: 'Stock cards that changed', everyMs: 300_000, eventTypes: ['stock.changed'] },
];

const SOURCES: ReadonlyMap<
  string,
  { type: string; request: (filter: XmlElement, page: { count: string; idFrom?: string }) => ListRequest }
> = new Map([
  ['invoices', { type: 'invoice.changed', request: (filter, page) => invoicesRequest(filter, undefined, page) }],
  ['stock', { type: 'stock.changed', request: stockRequest }],
]);

const TIMEOUT_MAX_MS = 300_000;
const COUNT_MAX = 500;
const SEEN_MAX = 1_000;
const DEFAULT_OVERLAP_MINUTES = 10;

const Cursor = Type.Object({
  /** Changed since, local time of the server; null: everything. */
  since: Type.Union([Type.String(), Type.Null()]),
  /** Where this round goes on. */
  idFrom: Type.Union([Type.String(), Type.Null()]),
  /** When this round began, by the clock of the server. */
  stamp: Type.Union([Type.String(), Type.Null()]),
  /** What the round before and this one gave, by internal number: the overlap brings it again. */
  seen: Type.Record(Type.String(), Type.String()),
  fresh: Type.Record(Type.String(), Type.String()),
});

interface PollRequest {
  name: string;
  cursor: string | null;
  limit: number;
  from: PollStart;
}

export async function pollPohoda(
  { name, cursor, limit, from }: PollRequest,
  server: MServer,
  config: PohodaConfig,
  context: AdapterContext<PohodaCredentials>,
  signal: AbortSignal,
): Promise<PollPage> {
  const source = SOURCES.get(name);
  if (!source) return failed(`the spoke has no poll called ${name}`);
  const at = cursor === null ? null : parseCursor(cursor);
  if (at === undefined) return failed('the cursor is not one of this poll');
  const position = at ?? { since: null, idFrom: null, stamp: null, seen: {}, fresh: {} };
  const onlyClock = at === null && from === 'now';
  const count = onlyClock ? 1 : Math.max(1, Math.min(limit, COUNT_MAX));
  const filter: XmlElement = position.since === null ? {} : { 'ftr:lastChanges': position.since };
  const page = { count: String(count), ...(position.idFrom === null ? {} : { idFrom: position.idFrom }) };
  const list = await ask(source.request(filter, page), name, server, config, context, signal);
  if (!list.ok) return list;
  const { records, total, stamp } = list.page;
  const began = position.stamp ?? stamp;
  if (began === null || !LOCAL_TIME.test(began)) return failed('Pohoda did not say when it made the list (dateTimeStamp)');
  if (onlyClock)
    return { ok: true, items: [], cursor: JSON.stringify({ since: began, idFrom: null, stamp: null, seen: {}, fresh: {} }), more: false };
  const hashes: [string, string][] = records.map((record) => [record.id, hashOf(record)]);
  const items = records.flatMap((record, index) => itemOf(record, hashes[index]?.[1] ?? '', source.type, name, position));
  const fresh = bounded({ ...position.fresh, ...Object.fromEntries(hashes) });
  const last = total < count ? null : nextIdOf(records);
  if (last !== null) return { ok: true, items, cursor: JSON.stringify({ ...position, idFrom: last, stamp: began, fresh }), more: true };
  const since = earlier(began, config.pollOverlapMinutes ?? DEFAULT_OVERLAP_MINUTES);
  return { ok: true, items, cursor: JSON.stringify({ since, idFrom: null, stamp: null, seen: fresh, fresh: {} }), more: false };
}

type Position = { since: string | null; seen: Readonly<Record<string, string>> };

/** The key holds where the round began: the same page asked again gives the same keys, and a value that comes back later is a change of its own. */
function itemOf(record: PohodaRecord, hash: string, type: string, name: string, { since, seen }: Position): PolledItem[] {
  if (Object.hasOwn(seen, record.id) && seen[record.id] === hash) return [];
  return [{ type, data: record, idempotencyKey: `${name}:${record.id}:${hash}:${since ?? 'start'}`, orderingKey: record.id }];
}

type Listed = { ok: true; page: RecordPage } | { ok: false; outcome: Outcome };

async function ask(
  request: ListRequest,
  name: string,
  server: MServer,
  config: PohodaConfig,
  { clock, policy }: AdapterContext<PohodaCredentials>,
  signal: AbortSignal,
): Promise<Listed> {
  if (server.problem !== null) return failed(server.problem);
  const built = buildDataPack({ ...request, packId: `nave-poll-${name}`, itemId: 'poll', note: `poll ${name}` }, config, server.codec);
  if (!built.ok) return failed(built.reason);
  const options = { send: null, timeoutMs: Math.min(policy.timeoutMs, TIMEOUT_MAX_MS), once: false };
  const { result } = await server.post(built.bytes, options, signal);
  const outcome = outcomeOfExchange(result, clock.now());
  if (outcome.kind !== 'ok' || !result.ok) return { ok: false, outcome };
  const answer = readResponse(result.body, outcome.response?.contentType ?? '', server.codec);
  if (!answer.ok) return { ok: false, outcome: { ...outcome, kind: 'fault', detail: `answered 200 with ${answer.reason}` } };
  const failure = failureOf(answer.pack, config);
  if (failure !== null) return { ok: false, outcome: { ...outcome, kind: 'rejected', detail: `answered 200, but refused: ${failure}` } };
  const agenda = answer.pack.item?.agenda ?? null;
  return agenda === null
    ? { ok: false, outcome: { ...outcome, kind: 'fault', detail: 'answered 200 without a list' } }
    : { ok: true, page: recordsOf(agenda) };
}

function failed(detail: string): { ok: false; outcome: Outcome } {
  return { ok: false, outcome: { kind: 'invalid', status: null, detail, sent: false } };
}

function parseCursor(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return Check(Cursor, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(record: PohodaRecord): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('base64url').slice(0, 16);
}

/** Cursors are small; what is forgotten comes twice, never not at all. */
function bounded(hashes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(hashes).slice(-SEEN_MAX));
}

const LOCAL_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}/;

/** A local time some minutes earlier: read and written as if it were UTC, because its zone does not matter. */
function earlier(local: string, minutes: number): string {
  const at = Date.parse(`${local.slice(0, 19)}Z`);
  return Number.isNaN(at) ? local.slice(0, 19) : new Date(at - minutes * 60_000).toISOString().slice(0, 19);
}
