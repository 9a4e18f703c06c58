/** The first admin key: given by `NAVE_ADMIN_KEY`, or made at the first start and shown once. */
import { newApiKey } from '@nave/security';
import type { AdminDeps } from './http/admin/admin-deps.ts';

type BootstrapDeps = Pick<AdminDeps, 'keys' | 'keyring' | 'hashKey' | 'randomBytes' | 'clock' | 'ids'>;

export interface BootstrapKey {
  /** Id of the bootstrap admin key. */
  id: string;
  /** The key in clear when it was generated just now: to be shown once. Null when it was given, or made at an earlier start. */
  generated: string | null;
}

/**
 * Makes sure that there is an admin key. A given key that is stored is left alone; another one replaces the bootstrap key and ends its sign-ins.
 * Without a given key, one is generated when no admin key is left.
 * @param given checked: 16 to 256 visible ASCII characters
 * @param keep puts a generated key where people find it, before it is stored: a start that fails or is killed later must not lose the only copy
 */
export async function ensureBootstrapKey(
  deps: BootstrapDeps,
  given: string | null,
  keep: (key: string) => void = () => undefined,
): Promise<BootstrapKey> {
  const now = deps.clock.now();
  const keys = await deps.keys.loadAll();
  const isLive = (key: { expiresAt: Date | null }): boolean => key.expiresAt === null || key.expiresAt.getTime() > now;
  const bootstrap = keys.find((key) => key.bootstrap);
  if (given === null) {
    const admin = bootstrap ?? keys.find((key) => key.role === 'admin' && isLive(key));
    if (admin) return { id: admin.id, generated: null };
  }
  const key = given ?? newApiKey(deps.randomBytes).key;
  const hash = deps.hashKey(key);
  if (bootstrap && Buffer.from(bootstrap.hash).equals(hash)) return { id: bootstrap.id, generated: null };
  if (given === null) keep(key);
  const id = deps.ids.next(now);
  const made = await deps.keys.replaceBootstrap(
    { ...{ id, hash, name: 'bootstrap', role: 'admin', spokes: [] }, createdAt: new Date(now), expiresAt: null },
    {
      ...{ atMs: now, actor: 'hub', action: bootstrap ? 'key.replace' : 'key.create', subject: `key:${id}` },
      detail: { name: 'bootstrap', role: 'admin', given: given !== null },
    },
  );
  await deps.keyring.reload();
  return { id: made.id, generated: given === null ? key : null };
}
