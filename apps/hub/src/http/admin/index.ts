/** The admin scope (`/api/v1`): JSON only, every call authenticated, every route with its least role and its schemas. */

import cookie from '@fastify/cookie';
import { HubError } from '@nave/core';
import type { FastifyPluginAsync, RouteOptions } from 'fastify';
import { authenticate } from '../auth/authenticate.ts';
import type { AdminDeps } from './admin-deps.ts';
import { acceptJson } from './json-body.ts';
import { adminResources } from './resources.ts';

export const adminScope: FastifyPluginAsync<{ deps: AdminDeps }> = async (app, { deps }) => {
  await app.register(cookie);
  app.decorateRequest('actor');
  app.addHook('onRoute', assertDeclared);
  app.addHook('onRequest', async (request, reply) => {
    // Before anything can be refused, and so for event streams too: no other site embeds an answer, and no browser takes it for anything but what it is.
    reply.headers({ 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' });
    if (/%00/.test(request.url)) throw new HubError('request.malformed', { detail: 'The path or query holds a NUL character.' });
  });
  app.addHook('onRequest', authenticate(deps));
  app.addHook('onSend', async (_request, reply) => {
    // Answers are about this moment and this caller.
    reply.header('cache-control', 'no-store');
  });
  app.addHook('onClose', () => deps.refusals.flush());
  acceptJson(app);
  for (const resource of adminResources) await app.register(resource, { deps });
};

/** A route that forgot its role or its schemas must not start. */
function assertDeclared(route: RouteOptions): void {
  const name = `${String(route.method)} ${route.url}`;
  if (route.config?.role === undefined) throw new Error(`${name} declares no role`);
  if (route.schema?.response === undefined) throw new Error(`${name} declares no replies`);
}
