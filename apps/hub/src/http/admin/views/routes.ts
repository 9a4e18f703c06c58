/** `/views`: saved views of lists. Everybody keeps their own and sees the shared ones; only the owner or an admin changes one. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { IdParams, NoContent, PROBLEM_REPLIES, VIEW_SCREENS, View, ViewInput, ViewList, ViewQuery } from '@nave/api-schema';
import { HubError } from '@nave/core';
import { createViewRepository, type StoredView, VIEWS_PER_OWNER_MAX } from '@nave/store';
import type { Actor } from '../../auth/actor.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { pageOf } from '../page.ts';

const tags = ['views'];

export const viewRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  const views = createViewRepository(deps.db);

  app.get(
    '/views',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List own and shared views, newest first',
        querystring: ViewQuery,
        response: { 200: ViewList, ...PROBLEM_REPLIES },
      },
    },
    ({ query, actor }) => {
      const { screen = null } = query;
      return pageOf({
        query,
        list: { list: 'views', screen, reader: actor.name },
        read: ({ limit, after }) => views.list({ reader: actor.name, screen }, { limit, beforeId: after }),
        positionOf: ({ id }) => id,
        present: viewOf,
      });
    },
  );

  app.post(
    '/views',
    {
      config: { role: 'viewer' },
      schema: { tags, summary: 'Save a view', body: ViewInput, response: { 201: View, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const { name, screen, query, shared = false } = request.body;
      const nowMs = deps.clock.now();
      const id = deps.ids.next(nowMs);
      const [createdAt, owner] = [new Date(nowMs), request.actor.name];
      const audit = auditOf(request, deps, 'view.create', `view:${id}`, { name, screen, shared });
      const made = await views.insert({ id, name, screen, query, shared, owner, createdAt, updatedAt: createdAt }, audit);
      if (made === 'exists') throw nameTaken(name);
      if (made === 'full') {
        throw new HubError('state.conflict', {
          detail: `A key keeps at most ${VIEWS_PER_OWNER_MAX} views. Delete one that is no longer used.`,
        });
      }
      return reply.code(201).header('location', `/api/v1/views/${id}`).send(viewOf(made));
    },
  );

  app.get(
    '/views/:id',
    {
      config: { role: 'viewer' },
      schema: { tags, summary: 'Show a view', params: IdParams, response: { 200: View, ...PROBLEM_REPLIES } },
    },
    async ({ params, actor }) => viewOf(await visible(params.id, actor)),
  );

  app.put(
    '/views/:id',
    {
      config: { role: 'viewer' },
      schema: { tags, summary: 'Replace a view', params: IdParams, body: ViewInput, response: { 200: View, ...PROBLEM_REPLIES } },
    },
    async (request) => {
      const { id } = request.params;
      const { owner } = await changeable(id, request.actor);
      const { name, screen, query, shared = false } = request.body;
      const audit = auditOf(request, deps, 'view.update', `view:${id}`, { name, screen, shared, owner });
      const changed = await views.update(id, { name, screen, query, shared }, new Date(deps.clock.now()), audit);
      if (changed === 'exists') throw nameTaken(name);
      if (changed === 'none') throw missing();
      return viewOf(changed);
    },
  );

  app.delete(
    '/views/:id',
    {
      config: { role: 'viewer' },
      schema: { tags, summary: 'Delete a view', params: IdParams, response: { 204: NoContent, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { name, screen, owner } = await changeable(id, request.actor);
      if (!(await views.remove(id, auditOf(request, deps, 'view.delete', `view:${id}`, { name, screen, owner })))) throw missing();
      return reply.code(204).send(null);
    },
  );

  /** Views that somebody else keeps to themselves do not exist for others; an admin cleans up after keys that are gone. */
  async function visible(id: string, actor: Actor): Promise<StoredView> {
    const view = await views.find(id);
    if (view === null || !(view.shared || view.owner === actor.name || actor.role === 'admin')) throw missing();
    return view;
  }

  async function changeable(id: string, actor: Actor): Promise<StoredView> {
    const view = await visible(id, actor);
    if (view.owner === actor.name || actor.role === 'admin') return view;
    throw new HubError('auth.forbidden', {
      detail: `This view belongs to "${view.owner}": only its owner or an admin may change it. Save your own.`,
    });
  }
};

function missing(): HubError {
  return new HubError('resource.not-found', { detail: 'There is no view with this id that you may see.' });
}

function nameTaken(name: string): HubError {
  return new HubError('resource.exists', {
    detail: `You already have a view "${name}" of this screen. Choose another name, or replace that one.`,
  });
}

function viewOf({ screen, createdAt, updatedAt, ...view }: StoredView): View {
  return {
    ...view,
    screen: VIEW_SCREENS.find((known) => known === screen) ?? 'messages',
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
