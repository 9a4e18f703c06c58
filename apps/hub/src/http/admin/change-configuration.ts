/** One change of spokes or routes from a request: a transaction, then this process serves with it before the answer leaves. */
import { messageOf } from '@nave/core';
import type { ConfigTransaction } from '@nave/store';
import type { AdminDeps } from './admin-deps.ts';

/** Runs `work` as one change and reloads the registry. What `work` throws changes nothing. */
export async function changeConfiguration<T>(deps: AdminDeps, work: (tx: ConfigTransaction) => Promise<T>): Promise<T> {
  const result = await deps.changes.change(work);
  await reloadRegistry(deps);
  return result;
}

/** The change is committed: a reload that fails must not make it look refused. The registry looks for changes by itself as well. */
export async function reloadRegistry({ registry, logger }: Pick<AdminDeps, 'registry' | 'logger'>): Promise<void> {
  await registry
    .reload()
    .catch((error: unknown) => logger.error({ reason: messageOf(error) }, 'configuration not reloaded after a change'));
}
