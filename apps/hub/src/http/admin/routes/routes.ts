/** `routes`: which messages go where, and how they are mapped. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  DeleteQuery,
  ListQuery,
  MergePatch,
  NameParams,
  NoContent,
  PROBLEM_REPLIES,
  Route,
  RouteCreate,
  RouteInput,
  RouteList,
  RouteSimulate,
  RouteSimulation,
  RouteVersionList,
} from '@nave/api-schema';
import { HubError } from '@nave/core';
import { applyEdits } from '../../../declaration/apply-edits.ts';
import { assertPrecondition, entityTag } from '../../entity-tag.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { changeConfiguration } from '../change-configuration.ts';
import { pageOf } from '../page.ts';
import { presentRoute, presentVersion } from './present-route.ts';
import { simulate } from './simulate.ts';
import { createRoute, patchRoute, replaceRoute } from './write-route.ts';

const tags = ['routes'];

export const routeRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/routes',
    {
      config: { role: 'viewer' },
      schema: { summary: 'List routes by name', tags, querystring: ListQuery, response: { 200: RouteList, ...PROBLEM_REPLIES } },
    },
    ({ query }) =>
      pageOf({
        query,
        list: 'routes',
        read: ({ limit, after }) => deps.routes.list({ limit, afterName: after }),
        positionOf: ({ name }) => name,
        present: presentRoute,
      }),
  );

  app.post(
    '/routes',
    {
      config: { role: 'admin' },
      schema: { summary: 'Add a route', tags, body: RouteCreate, response: { 201: Route, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const { item } = await createRoute(deps, request, request.body);
      return reply.code(201).header('etag', entityTag(item.version)).header('location', `/api/v1/routes/${item.name}`).send(item);
    },
  );

  app.get(
    '/routes/:name',
    {
      config: { role: 'viewer' },
      schema: { summary: 'Show a route', tags, params: NameParams, response: { 200: Route, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const route = await deps.routes.find(request.params.name);
      if (!route) throw notFound(request.params.name);
      return reply.header('etag', entityTag(route.version)).send(presentRoute(route));
    },
  );

  app.put(
    '/routes/:name',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Add or replace a route',
        tags,
        params: NameParams,
        body: RouteInput,
        response: { 200: Route, 201: Route, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { created, item } = await replaceRoute(deps, request, request.params.name, request.body);
      return reply
        .code(created ? 201 : 200)
        .header('etag', entityTag(item.version))
        .send(item);
    },
  );

  app.patch(
    '/routes/:name',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Change fields of a route (RFC 7396)',
        tags,
        params: NameParams,
        body: MergePatch,
        response: { 200: Route, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { item } = await patchRoute(deps, request, request.params.name, request.body);
      return reply.header('etag', entityTag(item.version)).send(item);
    },
  );

  app.delete(
    '/routes/:name',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Delete a route',
        tags,
        params: NameParams,
        querystring: DeleteQuery,
        response: { 204: NoContent, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      await changeConfiguration(deps, async (tx) => {
        const stored = await tx.route(name);
        if (!stored) throw notFound(name);
        assertPrecondition(request, stored);
        const options = { actor: request.actor.label, force: request.query.force, dryRun: false, pointer: () => '' };
        await applyEdits(deps, tx, { spokes: new Map(), routes: new Map([[name, null]]) }, options);
      });
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/routes/:name/versions',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'List the versions of a route, newest first',
        tags,
        params: NameParams,
        querystring: ListQuery,
        response: { 200: RouteVersionList, ...PROBLEM_REPLIES },
      },
    },
    async ({ params: { name }, query }) => {
      if (!(await deps.routes.find(name))) throw notFound(name);
      return pageOf({
        query,
        list: ['route versions', name],
        read: ({ limit, after }) => deps.routes.versions(name, { limit, beforeVersion: after === null ? null : Number(after) }),
        positionOf: ({ version }) => String(version),
        present: presentVersion,
      });
    },
  );

  app.post(
    '/routes/:name/simulate',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Show what a route, or a draft of one, would do with a message; nothing is sent or stored',
        description:
          'Of a message that is given, or of a stored one (audited as payload.reveal). With a draft the route need not exist. 429 while too much is tried out at this moment.',
        tags,
        params: NameParams,
        body: RouteSimulate,
        response: { 200: RouteSimulation, ...PROBLEM_REPLIES },
      },
    },
    (request) => simulate(deps, request, request.params.name, request.body),
  );
};

function notFound(name: string): HubError {
  return new HubError('resource.not-found', { detail: `There is no route ${name}.` });
}
