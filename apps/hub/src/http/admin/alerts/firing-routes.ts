/** `alerts/firing` and `alerts/history`: what the rules found, and who works on it. */
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { Alert, AlertHistoryQuery, AlertList, IdParams, ListQuery, PROBLEM_REPLIES } from '@nave/api-schema';
import { HubError } from '@nave/core';
import { decodeCursor } from '../../cursor.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { pageOf } from '../page.ts';
import { momentOf } from '../query-values.ts';
import { presentAlert } from './present-alert.ts';

const tags = ['alerts'];
/** A position is an id: anything else would not reach the database as one. */
const Position = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

export const firingRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/alerts/firing',
    {
      config: { role: 'viewer' },
      schema: { summary: 'What fires now, newest first', tags, querystring: ListQuery, response: { 200: AlertList, ...PROBLEM_REPLIES } },
    },
    ({ query }) => {
      const list = 'alerts firing';
      decodeCursor(Position, query.cursor, list);
      return pageOf({
        query,
        list,
        positionOf: ({ id }) => id,
        present: presentAlert,
        read: ({ limit, after }) =>
          deps.alerts.store.list({ state: 'firing', rule: null, fromMs: null, toMs: null }, { limit, beforeId: after }),
      });
    },
  );

  app.get(
    '/alerts/history',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'What fired in the last 90 days, newest first',
        tags,
        querystring: AlertHistoryQuery,
        response: { 200: AlertList, ...PROBLEM_REPLIES },
      },
    },
    ({ query }) => {
      const { rule, from, to } = query;
      const list = ['alerts', rule ?? null, from ?? null, to ?? null];
      decodeCursor(Position, query.cursor, list);
      const filter = { state: null, rule: rule ?? null, fromMs: momentOf(from), toMs: momentOf(to) };
      return pageOf({
        query,
        list,
        positionOf: ({ id }) => id,
        present: presentAlert,
        read: ({ limit, after }) => deps.alerts.store.list(filter, { limit, beforeId: after }),
      });
    },
  );

  app.post(
    '/alerts/firing/:id/acknowledge',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Say that somebody works on it: no escalation, no repeats',
        tags,
        params: IdParams,
        response: { 200: Alert, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const audit = auditOf(request, deps, 'alert.acknowledge', `alert:${id}`);
      const alert = await deps.alerts.store.acknowledge(id, request.actor.label, audit);
      if (!alert) throw new HubError('resource.not-found', { detail: 'There is no alert with this id.' });
      if (alert.state !== 'firing') throw new HubError('state.conflict', { detail: 'The alert is resolved already.' });
      return presentAlert(alert);
    },
  );
};
