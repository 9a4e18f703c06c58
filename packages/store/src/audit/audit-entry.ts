/** An audit entry as it is written: unchained, in the transaction of what it tells of. The sealer chains it within a second. */
import type { Prisma } from '../generated/client.ts';

export interface AuditEntry {
  /** Milliseconds since the epoch. */
  atMs: number;
  /** `key:<name>`, `session:<key name>`, `sender:<spoke>`, `hub`. */
  actor: string;
  /** `<resource>.<verb>`, e.g. `spoke.update`, `payload.reveal`, `auth.refused`. */
  action: string;
  /** `<resource>:<name or id>`. */
  subject: string;
  /** What changed or why; never a secret, a body or personal data. */
  detail: Prisma.InputJsonObject;
}

/** The row of an entry, for `tx.audit.create` or `createMany`. */
export function auditRow(entry: AuditEntry): Prisma.AuditCreateManyInput {
  return { at: new Date(entry.atMs), actor: entry.actor, action: entry.action, subject: entry.subject, detail: entry.detail };
}
