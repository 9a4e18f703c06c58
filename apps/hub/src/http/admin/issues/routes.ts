/** `/issues`: what failed, grouped by cause, and the deliveries of a group. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Id, IssueDetail, IssueList, IssueParams, IssueQuery, IssueSummary, ListQuery, PROBLEM_REPLIES } from '@nave/api-schema';
import { HubError } from '@nave/core';
import { FAILURE_STATES, findIssue, guarded, issueDeliveries, issueSummary, listIssues } from '@nave/store';
import { Type } from 'typebox';
import { decodeCursor, encodeCursor } from '../../cursor.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { deliveryView } from '../deliveries/delivery-view.ts';
import { pageOf } from '../page.ts';
import { membersOf, momentOf, wordsOf } from '../query-values.ts';
import { issueView } from './issue-view.ts';

const tags = ['issues'];
const Place = Type.Object(
  { lastSeenMs: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }), id: Id },
  { additionalProperties: false },
);

export const issuesRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  const { prisma } = deps.db;

  app.get(
    '/issues',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'List failing deliveries grouped by cause, the last to fail first',
        querystring: IssueQuery,
        response: { 200: IssueList, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { limit, cursor, ...asked } = request.query;
      const list = { list: 'issues', ...asked };
      const after = decodeCursor(Place, cursor, list);
      const filter = {
        spokes: wordsOf(asked.spoke),
        routes: wordsOf(asked.route),
        states: membersOf(asked.state, FAILURE_STATES),
        fromMs: momentOf(asked.from),
        toMs: momentOf(asked.to),
      };
      const rows = await guarded(() => listIssues(prisma, filter, after, limit + 1));
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      const nextCursor = last === undefined ? null : encodeCursor({ lastSeenMs: last.lastSeen.getTime(), id: last.id }, list);
      return { items: items.map(issueView), nextCursor };
    },
  );

  app.get(
    '/issues/summary',
    {
      config: { role: 'viewer' },
      schema: { tags, summary: 'Count what waits for a person', response: { 200: IssueSummary, ...PROBLEM_REPLIES } },
    },
    () => guarded(() => issueSummary(prisma)),
  );

  app.get(
    '/issues/:id',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Show an issue with its newest deliveries',
        params: IssueParams,
        querystring: ListQuery,
        response: { 200: IssueDetail, ...PROBLEM_REPLIES },
      },
    },
    async ({ params: { id }, query }) => {
      const deliveries = await pageOf({
        query,
        list: `issues/${id}`,
        read: ({ limit, after }) => guarded(() => issueDeliveries(prisma, id, after, limit)),
        positionOf: (delivery) => delivery.id,
        present: deliveryView,
      });
      const issue = await guarded(() => findIssue(prisma, id));
      if (issue === null) {
        throw new HubError('resource.not-found', { detail: 'No delivery is in this issue any more, or there never was one of this id.' });
      }
      return { ...issueView(issue), deliveries };
    },
  );
};
