/** API keys: only their hashes are stored. Every change is audited and raises the config version in its transaction. */
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import type { ApiKey } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { bumpConfigVersion } from './config-version.ts';

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
  /** Removes a key and the sign-ins made with it. False when there is none. */
  remove(id: string, audit: AuditEntry): Promise<boolean>;
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
          const { count } = await tx.apiKey.deleteMany({ where: { id } });
          if (count === 0) return false;
          await tx.session.deleteMany({ where: { keyId: id } });
          await tx.audit.create({ data: auditRow(audit) });
          await bumpConfigVersion(tx);
          return true;
        }),
      ),
    replaceBootstrap: (key, audit) =>
      guarded(() =>
        prisma.$transaction(async (tx) => {
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
