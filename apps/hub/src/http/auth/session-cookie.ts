/** The cookie of a dashboard sign-in. */
import type { CookieSerializeOptions } from '@fastify/cookie';

export const SESSION_COOKIE = 'nave_session';

/** How long a sign-in lasts, in ms. */
export const SESSION_MS = 12 * 3_600_000;

/** Out of reach of scripts and of requests from other sites; over TLS only where the hub is reached by TLS. */
export function cookieOptions(publicUrl: string): CookieSerializeOptions {
  return { httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:'), path: '/' };
}
