/** A digest over the acceptance counters of a span of transactions: ties the messages accepted to the audit chain without touching the accept path. */
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

type Reader = { $queryRaw<T>(query: Prisma.Sql): Promise<T> };

/** Counters covered by one entry; more become the next entry's. */
const ROWS_MAX = 5_000;

/** The counters of finished transactions in [`fromXid`, `toXid`), at most `ROWS_MAX` of them; null when there are none. */
export async function nextAcceptedSpan(tx: Reader, fromXid: bigint, toXid: bigint): Promise<AcceptedSpan | null> {
  // A span ends between transactions; one transaction writes one counter, so the one too many is where the next span starts.
  const [beyond] = await tx.$queryRaw<{ xid: bigint }[]>(
    Prisma.sql`SELECT xid FROM accepted_count WHERE xid >= ${fromXid} AND xid < ${toXid} ORDER BY xid, id OFFSET ${ROWS_MAX} LIMIT 1`,
  );
  return spanBetween(tx, fromXid, beyond?.xid ?? toXid);
}

/** What the counters of a span amount to now. */
export function recountSpan(prisma: Reader, span: AcceptedSpan): Promise<AcceptedSpan | null> {
  return spanBetween(prisma, BigInt(span.fromXid), BigInt(span.toXid));
}

/** Each counter as the digest takes it: its fields by lines, the time in ISO 8601 to the millisecond, and its own digest. */
const HASHED = Prisma.raw(`convert_to(id || E'\\n' || xid || E'\\n' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  || E'\\n' || messages || E'\\n' || runs::text || E'\\n', 'UTF8') || digest`);

/** Added up by the database: a span of a busy second has hundreds of rows, which are looked at again and again. */
async function spanBetween(prisma: Reader, fromXid: bigint, toXid: bigint): Promise<AcceptedSpan | null> {
  const [sum] = await prisma.$queryRaw<Pick<AcceptedSpan, 'rows' | 'messages' | 'firstId' | 'lastId' | 'digest'>[]>(Prisma.sql`
    SELECT count(*)::int AS rows, sum(messages)::float8 AS messages, min(id)::text AS "firstId", max(id)::text AS "lastId",
      encode(sha256(string_agg(${HASHED}, ''::bytea ORDER BY id)), 'base64') AS digest
    FROM (SELECT * FROM accepted_count WHERE xid >= ${fromXid} AND xid < ${toXid} ORDER BY xid, id LIMIT ${2 * ROWS_MAX}) AS counter`);
  return sum === undefined || sum.rows === 0 ? null : { fromXid: String(fromXid), toXid: String(toXid), ...sum };
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
