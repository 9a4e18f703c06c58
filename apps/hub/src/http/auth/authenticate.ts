/** The gate of the admin API: who is this, and does their role reach this route? Runs before anything of the request is read. */
import { HubError } from '@nave/core';
import { hashApiKey } from '@nave/security';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { AdminDeps } from '../admin/admin-deps.ts';
import { type Actor, NOBODY, type RouteRole, roleIncludes } from './actor.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the admin scope's gate: `NOBODY` on routes that need no credentials. */
    actor: Actor;
  }
  interface FastifyContextConfig {
    /** Least role of an admin route. */
    role?: RouteRole;
  }
}

type GateDeps = Pick<AdminDeps, 'keyring' | 'sessions' | 'clock' | 'publicUrl' | 'refusals'>;

/** Methods that change nothing (RFC 9110 section 9.2.1). */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The onRequest hook. Takes `Authorization: Bearer <key>` or the session cookie; with the cookie, calls that change something need
 * `Origin` = public URL (a page of another site can make a browser send the cookie, but not that header), and reads come from no other site.
 */
export function authenticate(deps: GateDeps): onRequestAsyncHookHandler {
  return async (request) => {
    request.actor = NOBODY;
    const { role } = request.routeOptions.config;
    if (role === 'anyone') return;
    const actor = await actorOf(request, deps);
    if (role === undefined || !roleIncludes(actor.role, role)) {
      refuse(request, deps, actor.label, 'auth.forbidden');
      throw new HubError('auth.forbidden', { detail: `This needs the role ${role ?? 'admin'}; the key has the role ${actor.role}.` });
    }
    request.actor = actor;
  };
}

/** The token of an `Authorization: Bearer` header (RFC 6750 section 2.1), or null. */
function bearerOf(request: FastifyRequest): string | null {
  const match = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.authorization ?? '');
  return match?.[1] ?? null;
}

async function actorOf(request: FastifyRequest, deps: GateDeps): Promise<Actor> {
  if (request.headers.authorization !== undefined) {
    const bearer = bearerOf(request);
    const actor = bearer === null ? null : await deps.keyring.authenticate(bearer);
    if (actor) return actor;
    refuse(request, deps, `address:${request.ip}`, 'auth.invalid');
    throw new HubError('auth.invalid', { detail: 'The key is unknown or expired.' });
  }
  const token = request.cookies[SESSION_COOKIE];
  if (token === undefined) throw new HubError('auth.missing', { detail: 'Send a key as "Authorization: Bearer <key>".' });
  const actor = await actorOfSession(deps, token);
  if (!actor) {
    refuse(request, deps, `address:${request.ip}`, 'auth.invalid');
    throw new HubError('auth.invalid', { detail: 'The sign-in is over. Sign in again.' });
  }
  assertOwnOrigin(request, deps);
  return actor;
}

/** Who signed in with this token; null when nobody did, or the sign-in or its key is over. */
export async function actorOfSession(deps: Pick<GateDeps, 'keyring' | 'sessions' | 'clock'>, token: string): Promise<Actor | null> {
  const session = await deps.sessions.find(hashApiKey(token), new Date(deps.clock.now()));
  const actor = session && (await deps.keyring.actorOfKey(session.keyId));
  return actor && { ...actor, label: `session:${actor.name}`, expiresAt: earlier(session.expiresAt, actor.expiresAt) };
}

/** When a sign-in ends: with its key at the latest. */
export function earlier(session: Date, key: Date | null): Date {
  return key !== null && key < session ? key : session;
}

/**
 * Pages on another port or a sibling host are the same site, so their reads bring the cookie too, and a read may leave a trace (revealing a payload does). Browsers
 * say by `Sec-Fetch-Site` (W3C Fetch Metadata) where a read comes from; `none` is a person's own doing. Without the header, reads are let through.
 * @throws HubError `auth.origin` for a call that does not come from the hub's own pages
 */
export function assertOwnOrigin(request: FastifyRequest, deps: Pick<GateDeps, 'publicUrl' | 'refusals'>): void {
  if (SAFE_METHODS.has(request.method)) {
    const site = request.headers['sec-fetch-site'];
    if (site === undefined || site === 'same-origin' || site === 'none') return;
    refuse(request, deps, `address:${request.ip}`, 'auth.origin');
    throw new HubError('auth.origin', { detail: 'With a session, only pages of this hub may read from it. Others need a key.' });
  }
  if (request.headers.origin === new URL(deps.publicUrl).origin) return;
  refuse(request, deps, `address:${request.ip}`, 'auth.origin');
  throw new HubError('auth.origin', { detail: 'With a session, calls that change something need Origin = the public URL of this hub.' });
}

function refuse(request: FastifyRequest, deps: Pick<GateDeps, 'refusals'>, actor: string, code: string): void {
  const subject = `api:${request.method} ${request.routeOptions.url ?? 'unknown'}`;
  deps.refusals.note({ actor, action: 'auth.refused', subject, detail: { code } });
}
