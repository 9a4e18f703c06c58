/** Where wrapped data keys live: one row per scope and day. */
import { Prisma, type PrismaClient } from '../generated/client.ts';
import { guarded } from '../guarded.ts';

export interface StoredDataKeyRow {
  id: number;
  scope: string;
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  wrapped: Uint8Array;
}

/** Structurally the sealer's `DataKeyStore`. */
export function createDataKeyStore(prisma: PrismaClient) {
  const byPlace = (scope: string, day: string) =>
    prisma.dataKey.findUnique({ where: { scope_day: { scope, day: new Date(`${day}T00:00:00Z`) } } });
  return {
    /** The key of a scope and day, made with `wrapped` when there is none; when two processes make it at once, both answer the first one's. */
    getOrCreate: (scope: string, day: string, wrapped: () => Uint8Array): Promise<{ id: number; wrapped: Uint8Array }> =>
      guarded(async () => {
        const known = await byPlace(scope, day);
        if (known !== null) return known;
        try {
          return await prisma.dataKey.create({ data: { scope, day: new Date(`${day}T00:00:00Z`), wrapped: new Uint8Array(wrapped()) } });
        } catch (error) {
          const faster = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002' ? await byPlace(scope, day) : null;
          if (faster === null) throw error;
          return faster;
        }
      }),
    /** Null when the key was destroyed or never was. */
    byId: (id: number): Promise<StoredDataKeyRow | null> =>
      guarded(async () => {
        const row = await prisma.dataKey.findUnique({ where: { id } });
        return row === null ? null : { id: row.id, scope: row.scope, day: row.day.toISOString().slice(0, 10), wrapped: row.wrapped };
      }),
  };
}
