/** Deliveries as people see them: one by id, those of a message, and lists newest first. */
import type { DeliveryState, HeldBy } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { type AttemptRow, attemptsOf } from './attempts.ts';
import { idRanges } from './delivery-facts.ts';
import { failingWith } from './failing-deliveries.ts';
import { boundsOf, lower } from './id-bounds.ts';
import { bounds, oneOf } from './message-candidates.ts';

export interface DeliveryRow {
  id: string;
  messageId: string;
  /** Spoke of the message. */
  source: string;
  route: string;
  routeVersion: number;
  stepName: string;
  spoke: string;
  operation: string;
  state: DeliveryState;
  heldBy: HeldBy | null;
  blockedBy: string | null;
  reason: string | null;
  attemptCount: number;
  /** Attempts that the policy does not count. */
  attemptBase: number;
  nextAttemptAt: Date | null;
  createdAt: Date;
  finishedAt: Date | null;
  replayOf: string | null;
}

export interface DeliveryDetail extends DeliveryRow {
  attempts: AttemptRow[];
}

export interface DeliveryFilter {
  states: readonly DeliveryState[];
  spokes: readonly string[];
  routes: readonly string[];
  messageId: string | null;
  fromMs: number | null;
  toMs: number | null;
  /** Text in the reason or the detail of the last attempt, in any case; only of those that failed and are not over. */
  error?: string | null;
}

export interface DeliveryPage {
  items: DeliveryDetail[];
  next: string | null;
}

/** Deliveries shown with one message. */
const PER_MESSAGE_MAX = 500;
const SCAN_MAX = 20_000;
const GATHER_MAX = 20_000;
const WAITING: ReadonlySet<DeliveryState> = new Set(['held', 'unknown', 'dead']);
const FAILING: ReadonlySet<DeliveryState> = new Set(['dead', 'unknown', 'retrying']);
const DUE: ReadonlySet<DeliveryState> = new Set(['pending', 'active', 'retrying']);

const COLUMNS =
  Prisma.raw(`d.id, d.message_id AS "messageId", d.source, d.route, d.route_version AS "routeVersion", d.step_name AS "stepName", d.spoke, d.operation,
  d.state::text AS state, d.held_by::text AS "heldBy", CASE WHEN d.held_by = 'lane' THEN (SELECT l.head FROM lane l WHERE l.spoke = d.spoke AND l.key = d.lane_key) ELSE d.blocked_by END AS "blockedBy", d.reason, d.attempt_count AS "attemptCount", d.attempt_base AS "attemptBase",
  d.next_attempt_at AS "nextAttemptAt", d.created_at AS "createdAt", d.finished_at AS "finishedAt", d.replay_of AS "replayOf"`);

type Reader = Pick<Database['prisma'], '$queryRaw'>;

export async function findDelivery(prisma: Reader, id: string): Promise<DeliveryDetail | null> {
  const rows = await prisma.$queryRaw<DeliveryRow[]>(Prisma.sql`SELECT ${COLUMNS} FROM delivery d WHERE d.id = ${id}::uuid`);
  return (await withAttempts(prisma, rows))[0] ?? null;
}

/** The deliveries of these ids that there are, newest first. */
export async function deliveriesAmong(prisma: Reader, ids: readonly string[]): Promise<DeliveryDetail[]> {
  if (ids.length === 0) return [];
  const rows = await prisma.$queryRaw<DeliveryRow[]>(
    Prisma.sql`SELECT ${COLUMNS} FROM delivery d WHERE d.id = ANY(${[...ids]}::uuid[]) ORDER BY d.id DESC`,
  );
  return withAttempts(prisma, rows);
}

/** Every delivery of a message, replays included, oldest first. */
export async function deliveriesOf(prisma: Reader, messageId: string): Promise<DeliveryDetail[]> {
  const rows = await prisma.$queryRaw<DeliveryRow[]>(
    Prisma.sql`${ofMessage(messageId)} ORDER BY "createdAt", route, step, id LIMIT ${PER_MESSAGE_MAX}`,
  );
  return withAttempts(prisma, rows);
}

function ofMessage(messageId: string): Prisma.Sql {
  return Prisma.sql`SELECT d.* FROM ${idRanges([messageId])} CROSS JOIN LATERAL (
      (SELECT ${COLUMNS}, d.step FROM delivery d WHERE d.id >= m.low AND d.id <= m.high AND d.message_id = m.id AND d.replay_id IS NULL OFFSET 0)
      UNION ALL
      (SELECT ${COLUMNS}, d.step FROM delivery d WHERE d.message_id = m.id AND d.replay_id IS NOT NULL AND d.id >= m.low OFFSET 0)
    ) AS d`;
}

/**
 * Newest first by id. States that wait or are due come from their partial indexes; anything else walks the primary key, a bounded stretch at a time
 * (fewer than `limit` items with a `next` means: go on).
 */
export async function listDeliveries(prisma: Reader, filter: DeliveryFilter, before: string | null, limit: number): Promise<DeliveryPage> {
  const error = filter.error ?? null;
  if (filter.messageId !== null && error !== null) return listFailingOfMessage(prisma, filter, filter.messageId, error, before, limit);
  if (filter.messageId !== null) return listOfMessage(prisma, filter, filter.messageId, before, limit);
  const range = boundsOf(filter.fromMs, filter.toMs);
  if (error !== null) {
    const high = lower(range.high, before);
    const { found, edge } = await failingWith(prisma, { ...filter, text: error, sources: [], low: range.low, high });
    const ids = found.slice(0, limit + 1).map(({ id }) => id);
    const rows = await prisma.$queryRaw<DeliveryRow[]>(
      Prisma.sql`SELECT ${COLUMNS} FROM delivery d WHERE d.id = ANY(${ids}::uuid[]) ORDER BY d.id DESC`,
    );
    return page(prisma, rows, limit, edge);
  }
  const within = Prisma.sql`${bounds('d.id', range.low, lower(range.high, before))} ${oneOf('d.spoke', filter.spokes)} ${oneOf('d.route', filter.routes)}`;
  const gathered = await gatherIds(prisma, filter.states, within, limit + 1);
  if (gathered !== null) {
    const rows = await prisma.$queryRaw<DeliveryRow[]>(
      Prisma.sql`SELECT ${COLUMNS} FROM delivery d WHERE d.id = ANY(${gathered}::uuid[]) ORDER BY d.id DESC`,
    );
    return page(prisma, rows, limit, null);
  }
  const scan = Prisma.sql`(SELECT * FROM delivery d WHERE true ${bounds('d.id', range.low, lower(range.high, before))} ORDER BY d.id DESC LIMIT ${SCAN_MAX})`;
  const states = filter.states.length === 0 ? Prisma.empty : Prisma.sql`AND d.state::text = ANY(${[...filter.states]})`;
  const rows = await prisma.$queryRaw<DeliveryRow[]>(
    Prisma.sql`SELECT ${COLUMNS} FROM ${scan} AS d WHERE true ${oneOf('d.spoke', filter.spokes)} ${oneOf('d.route', filter.routes)} ${states}
      ORDER BY d.id DESC LIMIT ${limit + 1}`,
  );
  if (rows.length > limit) return page(prisma, rows, limit, null);
  const edge = await prisma.$queryRaw<{ id: string }[]>(
    Prisma.sql`SELECT d.id FROM delivery d WHERE true ${bounds('d.id', range.low, lower(range.high, before))} ORDER BY d.id DESC OFFSET ${SCAN_MAX - 1} LIMIT 1`,
  );
  return page(prisma, rows, limit, edge[0]?.id ?? null);
}

/** Ids from the partial indexes, newest first; null when the states have none or too many rows are due for that to be cheap. */
async function gatherIds(prisma: Reader, states: readonly DeliveryState[], within: Prisma.Sql, limit: number): Promise<string[] | null> {
  if (states.length === 0 || !states.every((state) => WAITING.has(state) || DUE.has(state))) return null;
  const waiting = states.filter((state) => WAITING.has(state));
  const due = states.filter((state) => DUE.has(state));
  const ids: string[] = [];
  // Sorting by text keeps the planner off a walk over the primary key, which would pass millions of finished rows to find a few waiting ones.
  for (const state of waiting) ids.push(...idsOf(await prisma.$queryRaw(waitingSql(state, within, limit))));
  if (due.length > 0) {
    const rows = idsOf(await prisma.$queryRaw(dueSql(due, within, GATHER_MAX + 1)));
    if (rows.length > GATHER_MAX) return null;
    ids.push(...rows);
  }
  return ids.sort((a, b) => (a < b ? 1 : -1)).slice(0, limit);
}

function waitingSql(state: DeliveryState, within: Prisma.Sql, limit: number): Prisma.Sql {
  // The state is one of three words, written out so that the partial index's predicate is seen to hold.
  return Prisma.sql`SELECT d.id FROM delivery d WHERE d.state = ${Prisma.raw(`'${state}'`)} ${within} ORDER BY d.id::text DESC LIMIT ${limit}`;
}

function dueSql(states: readonly DeliveryState[], within: Prisma.Sql, limit: number): Prisma.Sql {
  return Prisma.sql`SELECT d.id FROM delivery d WHERE d.due_at IS NOT NULL AND d.state::text = ANY(${[...states]}) ${within} LIMIT ${limit}`;
}

function idsOf(rows: { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}

async function listOfMessage(
  prisma: Reader,
  filter: DeliveryFilter,
  messageId: string,
  before: string | null,
  limit: number,
): Promise<DeliveryPage> {
  const range = boundsOf(filter.fromMs, filter.toMs);
  const states = filter.states.length === 0 ? Prisma.empty : Prisma.sql`AND d.state = ANY(${[...filter.states]})`;
  const rows = await prisma.$queryRaw<DeliveryRow[]>(Prisma.sql`SELECT * FROM (${ofMessage(messageId)}) AS d
    WHERE true ${bounds('d.id', range.low, lower(range.high, before))} ${oneOf('d.spoke', filter.spokes)} ${oneOf('d.route', filter.routes)} ${states}
    ORDER BY d.id DESC LIMIT ${limit + 1}`);
  return page(prisma, rows, limit, null);
}

/** A message has few deliveries: all are read, and those kept that say the text. */
async function listFailingOfMessage(
  prisma: Reader,
  filter: DeliveryFilter,
  messageId: string,
  error: string,
  before: string | null,
  limit: number,
): Promise<DeliveryPage> {
  const all = await listOfMessage(prisma, filter, messageId, before, PER_MESSAGE_MAX);
  const text = error.toLowerCase();
  const items = all.items.filter(
    ({ state, attemptCount, reason, attempts }) =>
      (FAILING.has(state) || (state === 'held' && attemptCount > 0)) &&
      [reason, attempts.at(-1)?.detail].some((said) => said?.toLowerCase().includes(text) === true),
  );
  const shown = items.slice(0, limit);
  return { items: shown, next: items.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

async function page(prisma: Reader, rows: DeliveryRow[], limit: number, edge: string | null): Promise<DeliveryPage> {
  const items = await withAttempts(prisma, rows.slice(0, limit));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : edge };
}

async function withAttempts(prisma: Reader, rows: DeliveryRow[]): Promise<DeliveryDetail[]> {
  const attempts = await attemptsOf(
    prisma,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, attempts: attempts(row.id) }));
}
