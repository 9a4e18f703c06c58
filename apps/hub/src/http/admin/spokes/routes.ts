/** `spokes`: the configured systems. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  DeleteQuery,
  ListQuery,
  MergePatch,
  NameParams,
  NoContent,
  PROBLEM_REPLIES,
  ResumeInput,
  ResumePreview,
  Spoke,
  SpokeCheck,
  SpokeCreate,
  SpokeInput,
  SpokeList,
} from '@nave/api-schema';
import { HubError } from '@nave/core';
import { Type } from 'typebox';
import { applyEdits } from '../../../declaration/apply-edits.ts';
import { assertPrecondition, entityTag } from '../../entity-tag.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { changeConfiguration, reloadRegistry } from '../change-configuration.ts';
import { pageOf } from '../page.ts';
import { resumeSpoke } from '../queues/resume-spoke.ts';
import { presentSpoke } from './present-spoke.ts';
import { withPolls } from './with-polls.ts';
import { createSpoke, patchSpoke, replaceSpoke } from './write-spoke.ts';

const tags = ['spokes'];

export const spokeRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/spokes',
    {
      config: { role: 'viewer' },
      schema: { summary: 'List spokes by name', tags, querystring: ListQuery, response: { 200: SpokeList, ...PROBLEM_REPLIES } },
    },
    ({ query }) =>
      pageOf({
        query,
        list: 'spokes',
        read: ({ limit, after }) => deps.spokes.list({ limit, afterName: after }),
        positionOf: ({ name }) => name,
        present: (spoke) => presentSpoke(spoke, deps.kinds),
      }),
  );

  app.post(
    '/spokes',
    {
      config: { role: 'admin' },
      schema: { summary: 'Add a spoke', tags, body: SpokeCreate, response: { 201: Spoke, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const { item } = await createSpoke(deps, request, request.body);
      return reply
        .code(201)
        .header('etag', entityTag(item.version))
        .header('location', `/api/v1/spokes/${item.name}`)
        .send(await withPolls(deps, item));
    },
  );

  app.get(
    '/spokes/:name',
    {
      config: { role: 'viewer' },
      schema: { summary: 'Show a spoke', tags, params: NameParams, response: { 200: Spoke, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const spoke = await deps.spokes.find(request.params.name);
      if (!spoke) throw notFound(request.params.name);
      return reply.header('etag', entityTag(spoke.version)).send(await withPolls(deps, presentSpoke(spoke, deps.kinds)));
    },
  );

  app.put(
    '/spokes/:name',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Add or replace a spoke',
        tags,
        params: NameParams,
        body: SpokeInput,
        response: { 200: Spoke, 201: Spoke, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { created, item } = await replaceSpoke(deps, request, request.params.name, request.body);
      return reply
        .code(created ? 201 : 200)
        .header('etag', entityTag(item.version))
        .send(await withPolls(deps, item));
    },
  );

  app.patch(
    '/spokes/:name',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Change fields of a spoke (RFC 7396)',
        tags,
        params: NameParams,
        body: MergePatch,
        response: { 200: Spoke, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { item } = await patchSpoke(deps, request, request.params.name, request.body);
      return reply.header('etag', entityTag(item.version)).send(await withPolls(deps, item));
    },
  );

  app.delete(
    '/spokes/:name',
    {
      config: { role: 'admin' },
      schema: {
        summary: 'Delete a spoke',
        tags,
        params: NameParams,
        querystring: DeleteQuery,
        response: { 204: NoContent, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      await changeConfiguration(deps, async (tx) => {
        const stored = await tx.spoke(name);
        if (!stored) throw notFound(name);
        assertPrecondition(request, stored);
        const options = { actor: request.actor.label, force: request.query.force, dryRun: false, pointer: () => '' };
        await applyEdits(deps, tx, { spokes: new Map([[name, null]]), routes: new Map() }, options);
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/spokes/:name/check',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Check a spoke by a real round trip',
        tags,
        params: NameParams,
        response: { 200: SpokeCheck, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const answer = await deps.checkSpoke(request.params.name);
      if (!answer) throw notFound(request.params.name);
      const { ok, latencyMs, detail, checks } = answer;
      return { ok, latencyMs, detail, checks: checks.map((check) => ({ name: check.name, ok: check.ok, detail: check.detail })) };
    },
  );

  app.post(
    '/spokes/:name/pause',
    {
      config: { role: 'operator' },
      schema: { summary: 'Hold deliveries to a spoke', tags, params: NameParams, response: { 200: Spoke, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const { name } = request.params;
      const done = await deps.spokes.pause(name, auditOf(request, deps, 'spoke.pause', `spoke:${name}`));
      if (!done) throw notFound(name);
      if (done.changed) await reloadRegistry(deps);
      return reply.header('etag', entityTag(done.spoke.version)).send(await withPolls(deps, presentSpoke(done.spoke, deps.kinds)));
    },
  );

  app.post(
    '/spokes/:name/resume',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Deliver to a spoke again, at a rate; dryRun only counts',
        tags,
        params: NameParams,
        body: Type.Union([ResumeInput, Type.Null()]),
        response: { 200: Type.Union([Spoke, ResumePreview]), ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const done = await resumeSpoke(deps, request, name, request.body);
      if (!done) throw notFound(name);
      if ('preview' in done) return done.preview;
      return reply.header('etag', entityTag(done.spoke.version)).send(await withPolls(deps, presentSpoke(done.spoke, deps.kinds)));
    },
  );
};

function notFound(name: string): HubError {
  return new HubError('resource.not-found', { detail: `There is no spoke ${name}.` });
}
