/** `keys`: API keys. A key is shown once, when it is made. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { IdParams, type Key, KeyCreate, KeyCreated, KeyList, ListQuery, NoContent, PROBLEM_REPLIES } from '@nave/api-schema';
import { type FieldProblem, HubError } from '@nave/core';
import { newApiKey } from '@nave/security';
import type { StoredKey } from '@nave/store';
import { roleOf } from '../../auth/actor.ts';
import { summary } from '../../problem.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { pageOf } from '../page.ts';

const tags = ['keys'];

export const keyRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/keys',
    {
      config: { role: 'viewer' },
      schema: { summary: 'List keys, newest first', tags, querystring: ListQuery, response: { 200: KeyList, ...PROBLEM_REPLIES } },
    },
    ({ query }) =>
      pageOf({
        query,
        list: 'keys',
        read: ({ limit, after }) => deps.keys.list({ limit, beforeId: after }),
        positionOf: ({ id }) => id,
        present: presentKey,
      }),
  );

  app.post(
    '/keys',
    {
      config: { role: 'admin' },
      schema: { summary: 'Make a key', tags, body: KeyCreate, response: { 201: KeyCreated, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const { name, role, spokes = [], expiresAt } = request.body;
      const now = deps.clock.now();
      await assertSensible(deps, request.body, now);
      const { key } = newApiKey(deps.randomBytes);
      const id = deps.ids.next(now);
      const stored = await deps.keys.insert(
        {
          ...{ id, name, role, spokes },
          hash: deps.hashKey(key),
          bootstrap: false,
          createdAt: new Date(now),
          expiresAt: expiresAt ? new Date(expiresAt) : null,
        },
        { atMs: now, actor: request.actor.label, action: 'key.create', subject: `key:${id}`, detail: { name, role, spokes } },
      );
      await deps.keyring.reload();
      return reply
        .code(201)
        .header('location', `/api/v1/keys/${id}`)
        .send({ ...presentKey(stored), key });
    },
  );

  app.delete(
    '/keys/:id',
    {
      config: { role: 'admin' },
      schema: { summary: 'Revoke a key and its sign-ins', tags, params: IdParams, response: { 204: NoContent, ...PROBLEM_REPLIES } },
    },
    async (request, reply) => {
      const { id } = request.params;
      const now = deps.clock.now();
      const key = await deps.keys.find(id);
      const detail = { name: key?.name ?? '', role: key?.role ?? '' };
      const removed = await deps.keys.remove(id, {
        atMs: now,
        actor: request.actor.label,
        action: 'key.delete',
        subject: `key:${id}`,
        detail,
      });
      if (removed === 'none') throw new HubError('resource.not-found', { detail: 'There is no key of this id.' });
      if (removed === 'last-admin') throw new HubError('state.conflict', { detail: 'This is the last admin key. Make another one first.' });
      await deps.keyring.reload();
      return reply.code(204).send(null);
    },
  );
};

async function assertSensible(deps: AdminDeps, { role, spokes = [], expiresAt }: KeyCreate, now: number): Promise<void> {
  const errors: FieldProblem[] = [];
  if (role === 'publish' && spokes.length === 0) errors.push({ path: '/spokes', message: 'expected the spokes this key may publish as' });
  if (role !== 'publish' && spokes.length > 0) errors.push({ path: '/spokes', message: 'only publish keys are limited to spokes' });
  if (expiresAt && Date.parse(expiresAt) <= now) errors.push({ path: '/expiresAt', message: 'expected a time that is still to come' });
  const existing = new Set(spokes.length > 0 ? await deps.spokes.existing(spokes) : []);
  for (const [index, spoke] of spokes.entries())
    if (!existing.has(spoke)) errors.push({ path: `/spokes/${index}`, message: 'there is no spoke of this name' });
  if (errors.length > 0) throw new HubError('request.invalid', { detail: summary(errors), errors });
}

function presentKey({ id, name, role, spokes, bootstrap, createdAt, expiresAt, lastUsedAt }: StoredKey): Key {
  return {
    ...{ id, name, spokes, bootstrap },
    role: roleOf(role) ?? 'viewer',
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
