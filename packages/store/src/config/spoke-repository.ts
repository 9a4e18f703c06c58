/** Spokes outside of changes: reading them, opening their secrets, pausing and resuming. */
import type { Sealer } from '@nave/core';
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import type { Prisma } from '../generated/client.ts';
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
  /** Holds what waits for a spoke and what comes. Null when there is no such spoke; `changed`: pausing twice is one entry. */
  pause(name: string, audit: AuditEntry): Promise<SpokeSwitch | null>;
  /** Lets go what was held, little by little: the leading worker does. @param rate deliveries per second at most; null = the hub's own bound */
  resume(name: string, rate: number | null, audit: AuditEntry): Promise<SpokeSwitch | null>;
}

export interface SpokeSwitch {
  spoke: StoredSpoke;
  changed: boolean;
}

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
    pause: (name, audit) =>
      turn(name, audit, async (tx, before) => {
        await tx.spokeFlow.updateMany({ where: { spoke: name }, data: { drainStartedAt: null, drainRate: null } });
        return before.paused ? null : { paused: true };
      }),
    resume: (name, rate, audit) =>
      turn(name, audit, async (tx, before) => {
        if (!before.paused && rate === null) return null;
        // By the clock of the database: the pace is reckoned from it.
        const drains = before.paused
          ? await tx.$executeRaw`INSERT INTO spoke_flow (spoke, drain_started_at, drain_rate) VALUES (${name}, now(), ${rate}::int)
              ON CONFLICT (spoke) DO UPDATE SET drain_started_at = now(), drain_rate = EXCLUDED.drain_rate, updated_at = now()`
          : await tx.$executeRaw`UPDATE spoke_flow SET drain_rate = ${rate}::int, updated_at = now() WHERE spoke = ${name} AND drain_started_at IS NOT NULL`;
        return drains === 0 ? null : { paused: false };
      }),
  };

  /** One change of the switch under the spoke's lock, which holding and letting go take too. `change` answers what to store; null = nothing changed. */
  function turn(
    name: string,
    audit: AuditEntry,
    change: (tx: Prisma.TransactionClient, before: { paused: boolean }) => Promise<{ paused: boolean } | null>,
  ): Promise<SpokeSwitch | null> {
    return guarded(() =>
      prisma.$transaction(async (tx) => {
        // The same order of locks as in every change of the configuration.
        await lockConfig(tx);
        const [before] = await tx.$queryRaw<{ paused: boolean }[]>`SELECT paused FROM spoke WHERE name = ${name} FOR UPDATE`;
        if (!before) return null;
        const data = await change(tx, before);
        if (data === null) return { spoke: storedSpoke(await tx.spoke.findUniqueOrThrow({ where: { name } })), changed: false };
        const row = await tx.spoke.update({ where: { name }, data });
        await tx.audit.create({ data: auditRow(audit) });
        await bumpConfigVersion(tx);
        return { spoke: storedSpoke(row), changed: true };
      }),
    );
  }
}
