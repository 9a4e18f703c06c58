/** A digest over the acceptance counters of a span of transactions: ties the messages accepted to the audit chain without touching the accept path. */
import { createHash } from 'node:crypto';
import { Prisma } from '../generated/client.ts';

/** Detail of the audit entry `messages.accepted`. */
export interface AcceptedSpan {
  /** Transactions covered: `fromXid` inclusive, `toXid` exclusive. */
  fromXid: string;
  toXid: string;
  /** Ids of the first and last counter; ids between may belong to other spans. */
  firstId: string;
  lastId: string;
  rows: number;
  messages: number;
  /** SHA-256 over the counters in order of id, base64. */
  digest: string;
}

interface CounterRow {
  id: bigint;
  xid: bigint;
  at: Date;
  messages: number;
  digest: Uint8Array;
  runs: string;
}

type Reader = { $queryRaw<T>(query: Prisma.Sql): Promise<T> };

/** Counters covered by one entry; more become the next entry's. */
const ROWS_MAX = 5_000;

/** The counters of finished transactions in [`fromXid`, `toXid`), at most `ROWS_MAX` of them; null when there are none. */
export async function nextAcceptedSpan(tx: Reader, fromXid: bigint, toXid: bigint): Promise<AcceptedSpan | null> {
  const rows = await tx.$queryRaw<CounterRow[]>(
    Prisma.sql`SELECT ${COLUMNS} FROM accepted_count WHERE xid >= ${fromXid} AND xid < ${toXid} ORDER BY xid, id LIMIT ${ROWS_MAX + 1}`,
  );
  if (rows.length === 0) return null;
  // A span ends between transactions; one transaction writes one counter, so the one too many is where the next span starts.
  const beyond = rows.length > ROWS_MAX ? rows.at(-1)?.xid : undefined;
  const end = beyond ?? toXid;
  return spanOf(
    rows.filter(({ xid }) => xid < end),
    fromXid,
    end,
  );
}

/** What the counters of a span amount to now. */
export async function recountSpan(prisma: Reader, span: AcceptedSpan): Promise<AcceptedSpan | null> {
  const [from, to] = [BigInt(span.fromXid), BigInt(span.toXid)];
  const rows = await prisma.$queryRaw<CounterRow[]>(
    Prisma.sql`SELECT ${COLUMNS} FROM accepted_count WHERE xid >= ${from} AND xid < ${to} ORDER BY xid, id LIMIT ${2 * ROWS_MAX}`,
  );
  return rows.length === 0 ? null : spanOf(rows, from, to);
}

const COLUMNS = Prisma.raw('id, xid, at, messages, digest, runs::text AS runs');

function spanOf(rows: readonly CounterRow[], fromXid: bigint, toXid: bigint): AcceptedSpan | null {
  const sorted = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return null;
  const hash = createHash('sha256');
  for (const row of sorted) {
    hash.update(`${row.id}\n${row.xid}\n${row.at.toISOString()}\n${row.messages}\n${row.runs}\n`).update(row.digest);
  }
  return {
    fromXid: String(fromXid),
    toXid: String(toXid),
    firstId: String(first.id),
    lastId: String(last.id),
    rows: sorted.length,
    messages: sorted.reduce((sum, row) => sum + row.messages, 0),
    digest: hash.digest('base64'),
  };
}

/** Reads the detail of an entry back; null when it is none. */
export function acceptedSpanOf(detail: unknown): AcceptedSpan | null {
  if (typeof detail !== 'object' || detail === null) return null;
  const text = (name: string) => {
    const value: unknown = Reflect.get(detail, name);
    return typeof value === 'string' ? value : null;
  };
  const count = (name: string) => {
    const value: unknown = Reflect.get(detail, name);
    return typeof value === 'number' ? value : null;
  };
  const [fromXid, toXid, firstId, lastId, digest] = [text('fromXid'), text('toXid'), text('firstId'), text('lastId'), text('digest')];
  const [rows, messages] = [count('rows'), count('messages')];
  if (fromXid === null || toXid === null || firstId === null || lastId === null || digest === null || rows === null || messages === null)
    return null;
  return /^\d+$/.test(fromXid) && /^\d+$/.test(toXid) ? { fromXid, toXid, firstId, lastId, rows, messages, digest } : null;
}
