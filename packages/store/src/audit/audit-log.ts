/** Reading the audit, newest first. */
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';

export interface AuditFilter {
  actors: readonly string[];
  /** Exact, or a prefix ending in `.*` (`spoke.*`). */
  actions: readonly string[];
  subjects: readonly string[];
  fromMs: number | null;
  toMs: number | null;
}

export interface AuditItem {
  id: string;
  /** Null until sealed. */
  seq: number | null;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  detail: unknown;
  /** Hex; null until sealed. */
  hash: string | null;
}

/** @param before id the page before ended at */
export function listAudit(
  { prisma }: Pick<Database, 'prisma'>,
  filter: AuditFilter,
  before: bigint | null,
  limit: number,
): Promise<{ items: AuditItem[]; next: string | null }> {
  return guarded(async () => {
    const rows = await prisma.audit.findMany({
      where: {
        ...(before === null ? {} : { id: { lt: before } }),
        ...(filter.actors.length === 0 ? {} : { actor: { in: [...filter.actors] } }),
        ...(filter.subjects.length === 0 ? {} : { subject: { in: [...filter.subjects] } }),
        ...(filter.actions.length === 0 ? {} : { OR: filter.actions.map(actionIs) }),
        ...(filter.fromMs === null && filter.toMs === null ? {} : { at: within(filter.fromMs, filter.toMs) }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    const items = rows.slice(0, limit).map(({ id, seq, hash, at, actor, action, subject, detail }) => ({
      id: String(id),
      seq: seq === null ? null : Number(seq),
      at,
      actor,
      action,
      subject,
      detail,
      hash: hash === null ? null : Buffer.from(hash).toString('hex'),
    }));
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  });
}

function actionIs(action: string) {
  return action.endsWith('.*') ? { action: { startsWith: action.slice(0, -1) } } : { action };
}

function within(fromMs: number | null, toMs: number | null): { gte?: Date; lt?: Date } {
  return { ...(fromMs === null ? {} : { gte: new Date(fromMs) }), ...(toMs === null ? {} : { lt: new Date(toMs) }) };
}
