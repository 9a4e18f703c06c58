/** Checks the audit chain from the rows themselves, in bounded batches: every hash, every place, every signed checkpoint, every digest of accepted messages. */
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { rollUpOf } from '../ledger/rolled-up.ts';
import { acceptedSpanOf, recountSpan } from './accepted-span.ts';
import { type CheckpointSigner, chainHash, checkpointBytes, GENESIS } from './chain.ts';

export type AuditVerdict =
  | { ok: true; entries: number; head: AuditHead | null; unsealed: number }
  | { ok: false; firstBroken: number; broken: { seq: number; id: string | null; at: string | null; reason: string } };

export interface AuditHead {
  seq: number;
  hash: string;
  at: string;
}

export interface VerifyOptions {
  /** First place checked; earlier ones are vouched for by the checkpoint before it. */
  fromSeq?: number;
  /** Or the moment of the first entry checked, ms since the epoch. */
  fromMs?: number;
}

interface SealedRow {
  id: bigint;
  seq: bigint;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  detail: unknown;
  hash: Uint8Array | null;
}

interface CheckpointRow {
  seq: bigint;
  at: Date;
  hash: Uint8Array;
  signature: Uint8Array;
  keyId: string;
}

const BATCH = 1_000;

/** One entry cannot be told from a hub that was stopped: a chain without any checkpoint and any row is whole. */
export function verifyAudit(
  { prisma }: Pick<Database, 'prisma'>,
  signer: CheckpointSigner,
  options: VerifyOptions = {},
): Promise<AuditVerdict> {
  return guarded(async () => {
    const from = await startOf(prisma, options);
    const anchor = from <= 1 ? null : await checkpointBefore(prisma, from);
    if (anchor !== null && !isSigned(anchor, signer))
      return broken(Number(anchor.seq), null, 'the signature of the checkpoint is not valid');
    // A head that moves while we read is taken as it was when we began: rows first, then the checkpoint that must cover them.
    const state = { seq: Number(anchor?.seq ?? 0n), hash: anchor?.hash ?? GENESIS, at: anchor?.at ?? null, entries: 0 };
    const end = await prisma.checkpoint.findFirst({ orderBy: { seq: 'desc' } });
    for (;;) {
      const rows = await prisma.$queryRaw<SealedRow[]>(Prisma.sql`SELECT id, seq, at, actor, action, subject, detail, hash FROM audit
        WHERE seq > ${BigInt(state.seq)} ORDER BY seq LIMIT ${BATCH}`);
      if (rows.length === 0) break;
      const checkpoints = await checkpointsWithin(prisma, BigInt(state.seq), rows.at(-1)?.seq ?? 0n);
      for (const row of rows) {
        const problem = await problemOf(prisma, row, state, checkpoints.get(row.seq), signer);
        if (problem !== null) return broken(state.seq + 1, row, problem);
        state.seq += 1;
        state.hash = row.hash ?? GENESIS;
        state.at = row.at;
        if (state.seq >= from) state.entries += 1;
      }
    }
    if (end !== null && Number(end.seq) > state.seq)
      return broken(state.seq + 1, null, 'the entry is missing: a signed checkpoint covers a longer chain');
    const beyond = await beyondCheckpoints(prisma, state.seq);
    if (beyond !== null) return broken(beyond, null, 'no signed checkpoint covers the entry');
    const unsealed = await prisma.audit.count({ where: { seq: null } });
    const head = state.at === null ? null : { seq: state.seq, hash: Buffer.from(state.hash).toString('hex'), at: state.at.toISOString() };
    return { ok: true, entries: state.entries, head, unsealed };
  });
}

async function problemOf(
  prisma: Database['prisma'],
  row: SealedRow,
  state: { seq: number; hash: Uint8Array },
  checkpoint: CheckpointRow | undefined,
  signer: CheckpointSigner,
): Promise<string | null> {
  const seq = Number(row.seq);
  if (seq !== state.seq + 1) return 'the entry is missing';
  if (row.hash === null) return 'the entry has no hash';
  if (!chainHash(state.hash, { ...row, seq }).equals(row.hash)) return 'the entry or its predecessor was changed: its hash does not fit';
  if (checkpoint !== undefined) {
    if (!isSigned(checkpoint, signer)) return 'the signature of the checkpoint is not valid';
    if (!Buffer.from(checkpoint.hash).equals(row.hash)) return 'the signed checkpoint has another hash';
  }
  return row.action === 'messages.accepted' && row.actor === 'hub' ? acceptedProblem(prisma, row, signer) : null;
}

async function acceptedProblem(prisma: Database['prisma'], row: SealedRow, signer: CheckpointSigner): Promise<string | null> {
  const span = acceptedSpanOf(row.detail);
  if (span === null) return 'the digest of accepted messages cannot be read';
  const now = await recountSpan(prisma, span);
  if (now?.digest === span.digest) return null;
  const rolledUp = await rollUpOf(prisma, Number(row.seq), signer);
  return rolledUp === null ? 'the counters of accepted messages were changed: their digest does not fit' : null;
}

function isSigned(checkpoint: CheckpointRow, signer: CheckpointSigner): boolean {
  return signer.verify(checkpointBytes(Number(checkpoint.seq), checkpoint.at, checkpoint.hash), checkpoint.signature, checkpoint.keyId);
}

/** The first place no checkpoint reaches, or null. The sealer writes entries and checkpoint in one transaction, so there is none unless it was forged. */
async function beyondCheckpoints(prisma: Database['prisma'], seq: number): Promise<number | null> {
  const newest = await prisma.checkpoint.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true } });
  const covered = Number(newest?.seq ?? 0n);
  return covered < seq ? covered + 1 : null;
}

async function startOf(prisma: Database['prisma'], { fromSeq, fromMs }: VerifyOptions): Promise<number> {
  if (fromSeq !== undefined) return Math.max(1, fromSeq);
  if (fromMs === undefined) return 1;
  const first = await prisma.audit.findFirst({
    where: { seq: { not: null }, at: { gte: new Date(fromMs) } },
    orderBy: { seq: 'asc' },
    select: { seq: true },
  });
  return first?.seq === undefined || first.seq === null ? 1 : Number(first.seq);
}

function checkpointBefore(prisma: Database['prisma'], seq: number): Promise<CheckpointRow | null> {
  return prisma.checkpoint.findFirst({ where: { seq: { lt: BigInt(seq) } }, orderBy: { seq: 'desc' } });
}

async function checkpointsWithin(prisma: Database['prisma'], above: bigint, upTo: bigint): Promise<Map<bigint, CheckpointRow>> {
  const rows = await prisma.checkpoint.findMany({ where: { seq: { gt: above, lte: upTo } } });
  return new Map(rows.map((row) => [row.seq, row]));
}

function broken(seq: number, row: SealedRow | null, reason: string): AuditVerdict {
  return {
    ok: false,
    firstBroken: seq,
    broken: { seq, id: row === null ? null : String(row.id), at: row?.at.toISOString() ?? null, reason },
  };
}
