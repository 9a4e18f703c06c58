/** Audit entries that belong to no other change: reveals, sign-ins, refusals. */
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';
import { type AuditEntry, auditRow } from './audit-entry.ts';

/** Resolves when the entries are committed. */
export function writeAudit({ prisma }: Pick<Database, 'prisma'>, entries: readonly AuditEntry[]): Promise<void> {
  return guarded(async () => {
    if (entries.length > 0) await prisma.audit.createMany({ data: entries.map(auditRow) });
  });
}
