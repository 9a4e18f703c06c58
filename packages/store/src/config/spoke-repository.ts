/** Spokes outside of changes: reading them, opening their secrets, pausing and resuming. */
import type { Sealer } from '@nave/core';
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';
import { bumpConfigVersion, lockConfig } from './config-version.ts';
import { openSpokeSecrets } from './spoke-secrets.ts';
import { type StoredSpoke, storedSpoke } from './stored-spoke.ts';

/** A spoke with its secrets in clear by JSON Pointer into its spec: memory only. */
export interface OpenedSpoke extends StoredSpoke {
  secrets: Readonly<Record<string, string>>;
}

export interface SpokeRepository {
  /** Sorted by name, those after `afterName`. */
  list(options: { limit: number; afterName: string | null }): Promise<StoredSpoke[]>;
  find(name: string): Promise<StoredSpoke | null>;
  /** Which of the names are spokes. */
  existing(names: readonly string[]): Promise<string[]>;
  /** Every spoke with its secrets: what a registry is built from. @throws HubError `seal.key` when the secret key is another one */
  loadAll(): Promise<OpenedSpoke[]>;
  loadOne(name: string): Promise<OpenedSpoke | null>;
  /** Sets or lifts the pause. Null when there is no such spoke; what it was before, so that pausing twice is one entry. */
  setPaused(name: string, paused: boolean, audit: AuditEntry): Promise<{ spoke: StoredSpoke; changed: boolean; released: number } | null>;
}

/** Held deliveries set free by the resume itself; the sweep frees the rest. */
const RELEASED_MAX = 10_000;

export function createSpokeRepository({ prisma }: Pick<Database, 'prisma'>, sealer: Sealer): SpokeRepository {
  const open = async (spoke: StoredSpoke): Promise<OpenedSpoke> => ({ ...spoke, secrets: await openSpokeSecrets(sealer, spoke) });
  const find = (name: string): Promise<StoredSpoke | null> =>
    guarded(async () => {
      const row = await prisma.spoke.findUnique({ where: { name } });
      return row && storedSpoke(row);
    });
  return {
    list: ({ limit, afterName }) =>
      guarded(async () => {
        const where = afterName === null ? {} : { name: { gt: afterName } };
        return (await prisma.spoke.findMany({ where, orderBy: { name: 'asc' }, take: limit })).map(storedSpoke);
      }),
    find,
    existing: (names) =>
      guarded(async () => {
        const rows = await prisma.spoke.findMany({ where: { name: { in: [...names] } }, select: { name: true } });
        return rows.map(({ name }) => name);
      }),
    loadAll: () =>
      guarded(async () => Promise.all((await prisma.spoke.findMany({ orderBy: { name: 'asc' } })).map((row) => open(storedSpoke(row))))),
    async loadOne(name) {
      const spoke = await find(name);
      return spoke && guarded(() => open(spoke));
    },
    setPaused: (name, paused, audit) =>
      guarded(() =>
        prisma.$transaction(async (tx) => {
          // The same order of locks as in every change of the configuration.
          await lockConfig(tx);
          const rows = await tx.$queryRaw<{ paused: boolean }[]>`SELECT paused FROM spoke WHERE name = ${name} FOR UPDATE`;
          const [before] = rows;
          if (!before) return null;
          const changed = before.paused !== paused;
          const row = changed
            ? await tx.spoke.update({ where: { name }, data: { paused } })
            : await tx.spoke.findUniqueOrThrow({ where: { name } });
          let released = 0;
          if (!paused && row.enabled) {
            released = await tx.$executeRaw`
              UPDATE delivery SET state = 'pending', held_by = NULL, next_attempt_at = NULL, due_at = now()
              WHERE id IN (SELECT id FROM delivery WHERE spoke = ${name} AND state = 'held' AND held_by = 'pause' LIMIT ${RELEASED_MAX} FOR UPDATE)`;
          }
          if (changed || released > 0) {
            await tx.audit.create({ data: auditRow({ ...audit, detail: { ...audit.detail, ...(paused ? {} : { released }) } }) });
            await bumpConfigVersion(tx);
          }
          return { spoke: storedSpoke(row), changed, released };
        }),
      ),
  };
}
