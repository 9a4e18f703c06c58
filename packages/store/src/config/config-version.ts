/** The number that rises with every change of spokes, routes and keys; every process that sees it rise loads its registry anew. */
import type { Database } from '../database.ts';
import type { Prisma } from '../generated/client.ts';

/** The channel on which changes are told; the payload is the new version. */
export const CONFIG_CHANNEL = 'nave_config';

/** Raises the version and tells it on commit. The row lock makes concurrent changes commit one after the other. */
export async function bumpConfigVersion(tx: Prisma.TransactionClient): Promise<bigint> {
  const { version } = await tx.configVersion.update({ where: { id: 1 }, data: { version: { increment: 1 } } });
  await tx.$executeRaw`SELECT pg_notify(${CONFIG_CHANNEL}, ${version.toString()})`;
  return version;
}

/** The version now. */
export async function readConfigVersion({ prisma }: Pick<Database, 'prisma'>): Promise<bigint> {
  const { version } = await prisma.configVersion.findUniqueOrThrow({ where: { id: 1 } });
  return version;
}

/** Takes the lock that all changes of the configuration wait for; held until the transaction ends. */
export async function lockConfig(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$queryRaw`SELECT version FROM config_version WHERE id = 1 FOR UPDATE`;
}
