/** `/queues`: how much waits where, from the delivery rows; and the brake per spoke. */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { PROBLEM_REPLIES, Queue, QueueList, QueueParams } from '@nave/api-schema';
import { HubError } from '@nave/core';
import { queueFigures } from '@nave/store';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { queueView } from './queue-view.ts';

export const queuesRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/queues',
    {
      config: { role: 'viewer' },
      schema: { tags: ['queues'], summary: 'Figures of every queue', response: { 200: QueueList, ...PROBLEM_REPLIES } },
    },
    async () => ({ items: (await queueFigures(deps.db, deps.clock.now())).map(queueView), nextCursor: null }),
  );

  app.get(
    '/queues/:spoke',
    {
      config: { role: 'viewer' },
      schema: { tags: ['queues'], summary: 'Figures of one queue', params: QueueParams, response: { 200: Queue, ...PROBLEM_REPLIES } },
    },
    async (request) => figuresOf(request.params.spoke),
  );

  for (const action of ['pause', 'resume'] as const) {
    app.post(
      `/queues/:spoke/${action}`,
      {
        config: { role: 'operator' },
        schema: {
          tags: ['queues'],
          summary: action === 'pause' ? 'Hold deliveries to a spoke' : 'Let deliveries go again',
          params: QueueParams,
          response: { 200: Queue, ...PROBLEM_REPLIES },
        },
      },
      async (request) => {
        const { spoke } = request.params;
        const done = await deps.spokes.setPaused(spoke, action === 'pause', auditOf(request, deps, `spoke.${action}`, `spoke:${spoke}`));
        if (done === null) throw notFound();
        await deps.registry.reload();
        return figuresOf(spoke);
      },
    );
  }

  async function figuresOf(spoke: string): Promise<Queue> {
    const [figures] = await queueFigures(deps.db, deps.clock.now(), spoke);
    if (figures === undefined) throw notFound();
    return queueView(figures);
  }
};

function notFound(): HubError {
  return new HubError('resource.not-found', { detail: 'There is no spoke with this name.' });
}
