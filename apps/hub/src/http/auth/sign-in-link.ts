/** Single-use links to the dashboard, as the first start prints one. */
import { hashApiKey } from '@nave/security';
import type { AdminDeps } from '../admin/admin-deps.ts';

/** How long a link can be used, in ms. */
const LINK_MS = 10 * 60_000;

type LinkDeps = Pick<AdminDeps, 'sessions' | 'clock' | 'ids' | 'randomBytes' | 'publicUrl'>;

/**
 * Makes a link for a key. The token stands in the fragment: browsers do not send it to servers, so no proxy logs it; the page posts it to
 * `/api/v1/session` as `link`.
 */
export async function createSignInLink(deps: LinkDeps, keyId: string): Promise<{ url: string; token: string }> {
  const now = deps.clock.now();
  const token = Buffer.from(deps.randomBytes(32)).toString('base64url');
  const link = { id: deps.ids.next(now), hash: hashApiKey(token), keyId };
  await deps.sessions.offerLink({ ...link, createdAt: new Date(now), expiresAt: new Date(now + LINK_MS) });
  return { url: `${deps.publicUrl}/#link=${token}`, token };
}
