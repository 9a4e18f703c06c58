/** API keys: only their hashes are stored. Every change is audited and raises the config version in its transaction. */
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import type { ApiKey } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { bumpConfigVersion, lockConfig } from './config-version.ts';

export interface StoredKey {
  id: string;
  name: string;
  role: string;
  spokes: string[];
  hash: Uint8Array;
  bootstrap: boolean;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

export interface KeyRepository {
  /** Every key: what a keyring holds in memory. */
  loadAll(): Promise<StoredKey[]>;
  /** Keys below an id, newest first. */
  list(options: { limit: number; beforeId: string | null }): Promise<StoredKey[]>;
  find(id: string): Promise<StoredKey | null>;
  insert(key: Omit<StoredKey, 'lastUsedAt'>, audit: AuditEntry): Promise<StoredKey>;
  /** Removes a key and the sign-ins made with it; not the last admin key that has not expired, which would lock everybody out. */
  remove(id: string, audit: AuditEntry): Promise<'removed' | 'none' | 'last-admin'>;
  /** Makes `key` the only bootstrap key, removing an earlier one and its sign-ins. */
  replaceBootstrap(key: Omit<StoredKey, 'lastUsedAt' | 'bootstrap'>, audit: AuditEntry): Promise<StoredKey>;
  /** Remembers when keys were last used. */
  touch(ids: readonly string[], at: Date): Promise<void>;
}

export function createKeyRepository({ prisma }: Pick<Database, 'prisma'>): KeyRepository {
  return {
    loadAll: () => guarded(async () => (await prisma.apiKey.findMany()).map(stored)),
    list: ({ limit, beforeId }) =>
      guarded(async () => {
        const where = beforeId === null ? {} : { id: { lt: beforeId } };
        return (await prisma.apiKey.findMany({ where, orderBy: { id: 'desc' }, take: limit })).map(stored);
      }),
    find: (id) =>
      guarded(async () => {
        const row = await prisma.apiKey.findUnique({ where: { id } });
        return row && stored(row);
      }),
    insert: (key, audit) =>
      guarded(() =>
        prisma.$transaction(async (tx) => {
          const row = await tx.apiKey.create({ data: data(key) });
          await tx.audit.create({ data: auditRow(audit) });
          await bumpConfigVersion(tx);
          return stored(row);
        }),
      ),
    remove: (id, audit) =>
      guarded(() =>
        prisma.$transaction(async (tx) => {
          await lockConfig(tx);
          const key = await tx.apiKey.findUnique({ where: { id } });
          if (!key) return 'none';
          const live = { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date(audit.atMs) } }] };
          const otherAdmins = await tx.apiKey.count({ where: { role: 'admin', id: { not: id }, ...live } });
          if (key.role === 'admin' && otherAdmins === 0) return 'last-admin';
          await tx.apiKey.delete({ where: { id } });
          await tx.session.deleteMany({ where: { keyId: id } });
          await tx.audit.create({ data: auditRow(audit) });
          await bumpConfigVersion(tx);
          return 'removed';
        }),
      ),
    replaceBootstrap: (key, audit) =>
      guarded(() =>
        prisma.$transaction(async (tx) => {
          // Several hubs may start at once with the same key: the first makes it, the others find it.
          await lockConfig(tx);
          const same = await tx.apiKey.findFirst({ where: { bootstrap: true, hash: Buffer.from(key.hash) } });
          if (same) return stored(same);
          const old = await tx.apiKey.findMany({
            where: { OR: [{ bootstrap: true }, { hash: Buffer.from(key.hash) }] },
            select: { id: true },
          });
          const ids = old.map(({ id }) => id);
          await tx.session.deleteMany({ where: { keyId: { in: ids } } });
          await tx.apiKey.deleteMany({ where: { id: { in: ids } } });
          const row = await tx.apiKey.create({ data: data({ ...key, bootstrap: true }) });
          await tx.audit.create({ data: auditRow(audit) });
          await bumpConfigVersion(tx);
          return stored(row);
        }),
      ),
    touch: (ids, at) =>
      guarded(async () => {
        if (ids.length > 0) await prisma.apiKey.updateMany({ where: { id: { in: [...ids] } }, data: { lastUsedAt: at } });
      }),
  };
}

function data({ hash, spokes, ...rest }: Omit<StoredKey, 'lastUsedAt'>) {
  return { ...rest, spokes: [...spokes], hash: Buffer.from(hash) };
}

function stored(row: ApiKey): StoredKey {
  return { ...row, hash: new Uint8Array(row.hash) };
}
