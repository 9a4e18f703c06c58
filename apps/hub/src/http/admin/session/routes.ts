/** `session`: who asks, signing in to the dashboard with a key or a single-use link, and out. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NoContent, PROBLEM_REPLIES, Session, SessionCreate } from '@nave/api-schema';
import { formatDuration, HubError } from '@nave/core';
import { hashApiKey } from '@nave/security';
import { VERSION } from '../../../version.ts';
import type { Actor } from '../../auth/actor.ts';
import { createAttemptLimit } from '../../auth/attempt-limit.ts';
import { assertOwnOrigin, earlier } from '../../auth/authenticate.ts';
import { cookieOptions, SESSION_COOKIE, SESSION_MS } from '../../auth/session-cookie.ts';
import type { AdminDeps } from '../admin-deps.ts';

const tags = ['session'];
const TOKEN_BYTES = 32;

export const sessionRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  const attempts = createAttemptLimit(deps.clock);

  app.post(
    '/session',
    {
      config: { role: 'anyone' },
      schema: { summary: 'Sign in: sets the session cookie', tags, body: SessionCreate, response: { 200: Session, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      // A page of another site must not sign people in as somebody else.
      if (request.headers.origin !== undefined) assertOwnOrigin(request, deps);
      attempts.assertFree(request.ip);
      const actor = await actorOf(request.body, deps);
      if (!actor) {
        attempts.failed(request.ip);
        deps.refusals.note({
          actor: `address:${request.ip}`,
          action: 'auth.refused',
          subject: 'session:new',
          detail: { code: 'auth.invalid' },
        });
        const detail = 'link' in request.body ? 'This link is used, too old or unknown.' : 'The key is unknown or expired.';
        throw new HubError('auth.invalid', { detail });
      }
      if (actor.role === 'publish') throw new HubError('auth.forbidden', { detail: 'A publish key cannot sign in.' });
      const now = deps.clock.now();
      const token = Buffer.from(deps.randomBytes(TOKEN_BYTES)).toString('base64url');
      const session = { id: deps.ids.next(now), hash: hashApiKey(token), keyId: actor.id };
      const expiresAt = new Date(now + SESSION_MS);
      await deps.sessions.open(
        { ...session, createdAt: new Date(now), expiresAt },
        {
          ...{ atMs: now, actor: actor.label, action: 'session.open', subject: `session:${session.id}` },
          detail: { by: 'link' in request.body ? 'link' : 'key', address: request.ip },
        },
      );
      reply.setCookie(SESSION_COOKIE, token, { ...cookieOptions(deps.publicUrl), maxAge: SESSION_MS / 1_000 });
      return reply.send(presentSession({ ...actor, expiresAt: earlier(expiresAt, actor.expiresAt) }, deps));
    },
  );

  app.get(
    '/session',
    { config: { role: 'viewer' }, schema: { summary: 'Who asks', tags, response: { 200: Session, ...PROBLEM_REPLIES } } },
    async ({ actor }, reply) => reply.header('cache-control', 'no-store').send(presentSession(actor, deps)),
  );

  app.delete(
    '/session',
    { config: { role: 'viewer' }, schema: { summary: 'Sign out', tags, response: { 204: NoContent, ...PROBLEM_REPLIES } } },
    async (request, reply) => {
      const token = request.cookies[SESSION_COOKIE];
      if (token !== undefined) {
        const audit = { atMs: deps.clock.now(), actor: request.actor.label, action: 'session.end', subject: 'session:own', detail: {} };
        await deps.sessions.end(hashApiKey(token), audit);
      }
      return reply.clearCookie(SESSION_COOKIE, cookieOptions(deps.publicUrl)).code(204).send(null);
    },
  );
};

function presentSession({ name, role, expiresAt }: Pick<Actor, 'name' | 'role' | 'expiresAt'>, { retentionMs }: AdminDeps): Session {
  return { name, role, expiresAt: expiresAt?.toISOString() ?? null, version: VERSION, retention: formatDuration(retentionMs) };
}

async function actorOf(body: SessionCreate, deps: AdminDeps): Promise<Actor | null> {
  if ('key' in body) return deps.keyring.authenticate(body.key);
  const link = await deps.sessions.takeLink(hashApiKey(body.link), new Date(deps.clock.now()));
  return link && deps.keyring.actorOfKey(link.keyId);
}
