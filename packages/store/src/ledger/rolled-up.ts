/** What stands in the audit chain for acceptance counters that were summed up and deleted: signed, since a row alone could be written by whoever owns the database. */
import { canonicalJson } from '../audit/canonical-json.ts';
import type { CheckpointSigner } from '../audit/chain.ts';
import { Prisma } from '../generated/client.ts';

export const ROLLED_UP = 'ledger.rolledup';

/** Detail of the audit entry `ledger.rolledup`. */
export interface RolledUp {
  /** Places in the chain of the first and last `messages.accepted` entry whose counters were compared and deleted. */
  fromSeq: number;
  toSeq: number;
  spans: number;
  rows: number;
  messages: number;
  /** Runs and messages by day of acceptance. */
  days: Record<string, { runs: number; messages: number }>;
  /** SHA-256 over the digests of the spans, base64. */
  digest: string;
}

export interface SignedRollUp extends RolledUp {
  keyId: string;
  /** Base64. */
  signature: string;
}

export function signRollUp(rollUp: RolledUp, signer: CheckpointSigner): SignedRollUp {
  return { ...rollUp, keyId: signer.keyId, signature: Buffer.from(signer.sign(bytesOf(rollUp))).toString('base64') };
}

/** The roll-up, when the detail is one and its signature is right; else null. */
function verifiedRollUp(detail: unknown, signer: CheckpointSigner): RolledUp | null {
  if (typeof detail !== 'object' || detail === null) return null;
  const { keyId, signature, ...rest }: Record<string, unknown> = { ...detail };
  if (typeof keyId !== 'string' || typeof signature !== 'string' || !isRollUp(rest)) return null;
  return signer.verify(bytesOf(rest), Buffer.from(signature, 'base64'), keyId) ? rest : null;
}

/** A verified roll-up that covers a place in the chain; null when there is none. */
export async function rollUpOf(
  prisma: { $queryRaw<T>(query: Prisma.Sql): Promise<T> },
  seq: number,
  signer: CheckpointSigner,
): Promise<RolledUp | null> {
  const rows = await prisma.$queryRaw<{ detail: unknown }[]>(Prisma.sql`SELECT detail FROM audit
    WHERE action = 'ledger.rolledup' AND (detail->>'toSeq')::bigint >= ${seq}::bigint ORDER BY (detail->>'toSeq')::bigint LIMIT 3`);
  for (const { detail } of rows) {
    const rollUp = verifiedRollUp(detail, signer);
    if (rollUp !== null && rollUp.fromSeq <= seq && seq <= rollUp.toSeq) return rollUp;
  }
  return null;
}

function isRollUp(detail: Record<string, unknown>): detail is Record<string, unknown> & RolledUp {
  const numbers = ['fromSeq', 'toSeq', 'spans', 'rows', 'messages'].every((name) => Number.isSafeInteger(detail[name]));
  return numbers && typeof detail['digest'] === 'string' && typeof detail['days'] === 'object' && detail['days'] !== null;
}

function bytesOf(rollUp: RolledUp): Uint8Array {
  const { fromSeq, toSeq, spans, rows, messages, days, digest } = rollUp;
  return Buffer.from(`nave-ledger-rollup-v1\n${canonicalJson({ fromSeq, toSeq, spans, rows, messages, days, digest })}`);
}
