/** `/queues`: how much waits where, from the delivery rows; what keeps it back; and the brake per spoke. */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { PROBLEM_REPLIES, Queue, QueueList, QueueParams, ResumeInput, ResumePreview } from '@nave/api-schema';
import { HubError } from '@nave/core';
import { createFlowStore, queueFigures, writeAudit } from '@nave/store';
import { Type } from 'typebox';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { reloadRegistry } from '../change-configuration.ts';
import { queueViews } from './queue-views.ts';
import { resumeSpoke } from './resume-spoke.ts';

export const queuesRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  const flows = createFlowStore(deps.db.hot);

  app.get(
    '/queues',
    {
      config: { role: 'viewer' },
      schema: { tags: ['queues'], summary: 'Figures of every queue', response: { 200: QueueList, ...PROBLEM_REPLIES } },
    },
    async () => ({ items: await queueViews(deps.db, await queueFigures(deps.db, deps.clock.now())), nextCursor: null }),
  );

  app.get(
    '/queues/:spoke',
    {
      config: { role: 'viewer' },
      schema: { tags: ['queues'], summary: 'Figures of one queue', params: QueueParams, response: { 200: Queue, ...PROBLEM_REPLIES } },
    },
    async (request) => figuresOf(request.params.spoke),
  );

  app.post(
    '/queues/:spoke/pause',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['queues'],
        summary: 'Hold deliveries to a spoke',
        params: QueueParams,
        response: { 200: Queue, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { spoke } = request.params;
      const done = await deps.spokes.pause(spoke, auditOf(request, deps, 'spoke.pause', `spoke:${spoke}`));
      if (done === null) throw notFound();
      if (done.changed) await reloadRegistry(deps);
      return figuresOf(spoke);
    },
  );

  app.post(
    '/queues/:spoke/resume',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['queues'],
        summary: 'Let deliveries go again, at a rate; dryRun only counts',
        params: QueueParams,
        body: Type.Union([ResumeInput, Type.Null()]),
        response: { 200: Type.Union([Queue, ResumePreview]), ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { spoke } = request.params;
      const done = await resumeSpoke(deps, request, spoke, request.body);
      if (done === null) throw notFound();
      return 'preview' in done ? done.preview : figuresOf(spoke);
    },
  );

  app.post(
    '/queues/:spoke/breaker/reset',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['queues'],
        summary: 'Close the breaker of a spoke without waiting for a probe',
        params: QueueParams,
        response: { 200: Queue, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { spoke } = request.params;
      if ((await deps.spokes.find(spoke)) === null) throw notFound();
      const { changes } = await flows.change([[spoke, { kind: 'reset' }]]);
      const was = changes.find(({ before }) => before.breaker !== 'closed')?.before.breaker;
      if (was !== undefined) await writeAudit(deps.db, [auditOf(request, deps, 'breaker.reset', `spoke:${spoke}`, { was })]);
      return figuresOf(spoke);
    },
  );

  async function figuresOf(spoke: string): Promise<Queue> {
    const [view] = await queueViews(deps.db, await queueFigures(deps.db, deps.clock.now(), spoke));
    if (view === undefined) throw notFound();
    return view;
  }
};

function notFound(): HubError {
  return new HubError('resource.not-found', { detail: 'There is no spoke with this name.' });
}
