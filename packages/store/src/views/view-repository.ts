/** Saved views of lists: kept by the name of a key, some of them shared. Every change is audited in its transaction. */
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import type { Prisma, SavedView } from '../generated/client.ts';
import { guarded } from '../guarded.ts';

export interface StoredView {
  id: string;
  name: string;
  screen: string;
  query: Record<string, string>;
  shared: boolean;
  owner: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface ViewFilter {
  /** Sees their own views and the shared ones. */
  reader: string;
  /** Null = of all screens. */
  screen: string | null;
}

export interface ViewRepository {
  /** Views below an id, newest first. */
  list(filter: ViewFilter, options: { limit: number; beforeId: string | null }): Promise<StoredView[]>;
  find(id: string): Promise<StoredView | null>;
  /** `exists`: the owner has one of this name on the screen. `full`: the owner has as many as allowed. */
  insert(view: StoredView, audit: AuditEntry): Promise<StoredView | 'exists' | 'full'>;
  update(id: string, fields: ViewFields, at: Date, audit: AuditEntry): Promise<StoredView | 'exists' | 'none'>;
  remove(id: string, audit: AuditEntry): Promise<boolean>;
}

export type ViewFields = Pick<StoredView, 'name' | 'screen' | 'query' | 'shared'>;

export const VIEWS_PER_OWNER_MAX = 200;

export function createViewRepository({ prisma }: Pick<Database, 'prisma'>): ViewRepository {
  return {
    list: ({ reader, screen }, { limit, beforeId }) =>
      guarded(async () => {
        const rows = await prisma.savedView.findMany({
          where: {
            OR: [{ owner: reader }, { shared: true }],
            ...(screen === null ? {} : { screen }),
            ...(beforeId === null ? {} : { id: { lt: beforeId } }),
          },
          orderBy: { id: 'desc' },
          take: limit,
        });
        return rows.map(stored);
      }),
    find: (id) =>
      guarded(async () => {
        const row = await prisma.savedView.findUnique({ where: { id } });
        return row && stored(row);
      }),
    insert: (view, audit) =>
      guarded(() =>
        prisma.$transaction(async (tx) => {
          await lockOwner(tx, view.owner);
          if (await taken(tx, view.owner, view, null)) return 'exists';
          if ((await tx.savedView.count({ where: { owner: view.owner } })) >= VIEWS_PER_OWNER_MAX) return 'full';
          const row = await tx.savedView.create({ data: view });
          await tx.audit.create({ data: auditRow(audit) });
          return stored(row);
        }),
      ),
    update: (id, fields, at, audit) =>
      guarded(() =>
        prisma.$transaction(async (tx) => {
          const before = await tx.savedView.findUnique({ where: { id }, select: { owner: true } });
          if (before === null) return 'none';
          await lockOwner(tx, before.owner);
          if (await taken(tx, before.owner, fields, id)) return 'exists';
          const { count } = await tx.savedView.updateMany({ where: { id }, data: { ...fields, updatedAt: at } });
          if (count === 0) return 'none';
          await tx.audit.create({ data: auditRow(audit) });
          return stored(await tx.savedView.findUniqueOrThrow({ where: { id } }));
        }),
      ),
    remove: (id, audit) =>
      guarded(() =>
        prisma.$transaction(async (tx) => {
          const { count } = await tx.savedView.deleteMany({ where: { id } });
          if (count > 0) await tx.audit.create({ data: auditRow(audit) });
          return count > 0;
        }),
      ),
  };
}

/** Of two changes by one owner at once the second sees what the first did. */
async function lockOwner(tx: Prisma.TransactionClient, owner: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`view:${owner}`}, 0))`;
}

async function taken(tx: Prisma.TransactionClient, owner: string, view: ViewFields, except: string | null): Promise<boolean> {
  const found = await tx.savedView.findFirst({ where: { owner, screen: view.screen, name: view.name }, select: { id: true } });
  return found !== null && found.id !== except;
}

function stored({ query, ...row }: SavedView): StoredView {
  return { ...row, query: textsOf(query) };
}

function textsOf(json: unknown): Record<string, string> {
  if (typeof json !== 'object' || json === null) return {};
  return Object.fromEntries(Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
