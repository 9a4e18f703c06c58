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

/** The version now. Asked every second by every process: a prepared statement, for a third of the work. */
export async function readConfigVersion({ hot }: Pick<Database, 'hot'>): Promise<bigint> {
  const { rows } = await hot.query<{ version: string }>({
    name: 'config-version',
    text: 'SELECT version FROM config_version WHERE id = 1',
  });
  return BigInt(rows[0]?.version ?? 0);
}

/** Takes the lock that all changes of the configuration wait for; held until the transaction ends. */
export async function lockConfig(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$queryRaw`SELECT version FROM config_version WHERE id = 1 FOR UPDATE`;
}
