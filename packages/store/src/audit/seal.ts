/** One round of the sealer: chains what is committed and final, and signs the new head, in one transaction. */
import type { Clock } from '@nave/core';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { LEADERSHIPS } from '../leadership.ts';
import { acceptedSpanOf, nextAcceptedSpan } from './accepted-span.ts';
import { auditRow } from './audit-entry.ts';
import { type CheckpointSigner, chainHash, checkpointBytes, GENESIS } from './chain.ts';

export interface SealDeps {
  db: Pick<Database, 'prisma'>;
  clock: Clock;
  signer: CheckpointSigner;
}

export interface SealResult {
  /** False when another process is sealing. */
  held: boolean;
  sealed: number;
  /** True when there is more to seal. */
  more: boolean;
  /** Counters of transactions below are in the chain; null when another process is sealing. */
  coveredXid: bigint | null;
}

const BATCH_MAX = 2_000;
const TIMEOUT_MS = 20_000;

type Tx = Prisma.TransactionClient;

interface Unsealed {
  id: bigint;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  detail: unknown;
}

/**
 * Rows become part of the chain only when no running transaction could still add one before them: those of transactions below the oldest running one.
 * A visible row above the newest one was written by another cluster, before a restore; it is final too.
 */
export function sealOnce({ db, clock, signer }: SealDeps): Promise<SealResult> {
  return guarded(() =>
    db.prisma.$transaction(
      async (tx) => {
        const [lock] = await tx.$queryRaw<{ held: boolean }[]>(
          Prisma.sql`SELECT pg_try_advisory_xact_lock(${BigInt(LEADERSHIPS.auditSealer)}) AS held`,
        );
        if (lock?.held !== true) return { held: false, sealed: 0, more: false, coveredXid: null };
        const horizon = await horizonOf(tx);
        const noted = await noteAccepted(tx, clock, horizon);
        const rows = await unsealed(tx);
        if (rows.length > 0) await chain(tx, rows, signer, clock);
        return { held: true, sealed: rows.length, more: rows.length === BATCH_MAX || noted.more, coveredXid: noted.coveredXid };
      },
      { timeout: TIMEOUT_MS, maxWait: TIMEOUT_MS },
    ),
  );
}

interface Horizon {
  /** Every transaction below has ended. */
  xmin: bigint;
  /** No transaction of this cluster is at or above. */
  xmax: bigint;
}

async function horizonOf(tx: Tx): Promise<Horizon> {
  const [row] = await tx.$queryRaw<{ xmin: string; xmax: string }[]>(
    Prisma.sql`SELECT pg_snapshot_xmin(s)::text AS xmin, pg_snapshot_xmax(s)::text AS xmax FROM pg_current_snapshot() AS s`,
  );
  if (row === undefined) throw new Error('no snapshot');
  return { xmin: BigInt(row.xmin), xmax: BigInt(row.xmax) };
}

/** Adds the digest of what was accepted since the last one, when there was anything; `more` when a span was cut short. */
async function noteAccepted(tx: Tx, clock: Clock, { xmin, xmax }: Horizon): Promise<{ coveredXid: bigint; more: boolean }> {
  const [last] = await tx.$queryRaw<{ detail: unknown }[]>(
    Prisma.sql`SELECT detail FROM audit WHERE action = 'messages.accepted' AND actor = 'hub' AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1`,
  );
  const end = BigInt(acceptedSpanOf(last?.detail)?.toXid ?? '0');
  // Transaction numbers start anew in a restored cluster: its counters are told by what is below the horizon and not yet covered.
  const from = end > xmax ? 0n : end;
  const span = await nextAcceptedSpan(tx, from, xmin);
  if (span === null) return { coveredXid: from, more: false };
  await tx.audit.create({
    data: auditRow({ atMs: clock.now(), actor: 'hub', action: 'messages.accepted', subject: 'messages', detail: { ...span } }),
  });
  const coveredXid = BigInt(span.toXid);
  return { coveredXid, more: coveredXid < xmin };
}

/** A visible row at or above xmax is another cluster's, from before a restore; this transaction's own entry is sealed with the rest. */
function unsealed(tx: Tx): Promise<Unsealed[]> {
  return tx.$queryRaw<Unsealed[]>(Prisma.sql`SELECT id, at, actor, action, subject, detail FROM audit
    WHERE seq IS NULL AND (xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint OR xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
      OR xid = pg_current_xact_id_if_assigned()::text::bigint) ORDER BY id LIMIT ${BATCH_MAX}`);
}

async function chain(tx: Tx, rows: readonly Unsealed[], signer: CheckpointSigner, clock: Clock): Promise<void> {
  const head = await headOf(tx);
  let { seq, hash } = head;
  const sealed = rows.map((row) => {
    seq += 1;
    hash = chainHash(hash, { ...row, seq });
    return { id: row.id, seq, hash };
  });
  await tx.$executeRaw(Prisma.sql`UPDATE audit SET seq = s.seq, hash = s.hash
    FROM unnest(${sealed.map((row) => row.id)}::bigint[], ${sealed.map((row) => BigInt(row.seq))}::bigint[], ${sealed.map((row) => Buffer.from(row.hash))}::bytea[]) AS s(id, seq, hash)
    WHERE audit.id = s.id`);
  const at = new Date(clock.now());
  const signature = Buffer.from(signer.sign(checkpointBytes(seq, at, hash)));
  await tx.checkpoint.create({ data: { seq: BigInt(seq), at, hash: Buffer.from(hash), signature, keyId: signer.keyId } });
  // Of a minute only its last head is kept: the newest one always stands, so a chain cut off at its end is noticed.
  if (head.checkpoint !== null && sameMinute(head.checkpoint.at, at)) await tx.checkpoint.delete({ where: { seq: head.checkpoint.seq } });
}

/**
 * Where the chain goes on. The signed checkpoint is believed over the rows: when somebody cut off or changed the last row, what follows does not hide it.
 */
async function headOf(tx: Tx): Promise<{ seq: number; hash: Uint8Array; checkpoint: { seq: bigint; at: Date } | null }> {
  const checkpoint = await tx.checkpoint.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true, at: true, hash: true } });
  const last = await tx.audit.findFirst({ where: { seq: { not: null } }, orderBy: { seq: 'desc' }, select: { seq: true, hash: true } });
  const seq = Math.max(Number(checkpoint?.seq ?? 0n), Number(last?.seq ?? 0n));
  return { seq, hash: checkpoint?.hash ?? last?.hash ?? GENESIS, checkpoint };
}

function sameMinute(a: Date, b: Date): boolean {
  return Math.floor(a.getTime() / 60_000) === Math.floor(b.getTime() / 60_000);
}
