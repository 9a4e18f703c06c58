/** `/replays`: many messages again, or many dead deliveries again or given up, with a count before and a brake during. */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Id, IdParams, ListQuery, PROBLEM_REPLIES, Replay, ReplayCreate, ReplayList, ReplayPreview } from '@nave/api-schema';
import { estimateSeconds, HubError } from '@nave/core';
import { createReplayStore, guarded, issueState, type ReplayFilter, type ReplayRow, type ReplayState, replayRamp } from '@nave/store';
import { decodeCursor, encodeCursor } from '../../cursor.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { assertIssueIsDead, assertVersionHasRoute, filterOf, replayView } from './replay-view.ts';

const MOVES: Readonly<Record<'pause' | 'resume' | 'stop', { from: readonly ReplayState[]; to: ReplayState; summary: string }>> = {
  pause: { from: ['running', 'done'], to: 'paused', summary: 'Pause a replay; what it made and nobody has sent is held' },
  resume: { from: ['paused'], to: 'running', summary: 'Go on with a paused replay' },
  stop: {
    from: ['running', 'paused', 'done'],
    to: 'stopped',
    summary: 'Stop a replay for good; what it made and nobody has sent is cancelled',
  },
};

export const replaysRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  const replays = createReplayStore(deps.db);

  app.post(
    '/replays',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['replays'],
        summary: 'Replay messages, or retry, skip or cancel dead deliveries; dryRun only counts',
        body: ReplayCreate,
        response: { 200: ReplayPreview, 202: Replay, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { mode = 'replay', rate = null, routeVersion = null, dryRun = false } = request.body;
      const filter = filterOf(mode, request.body.filter);
      assertVersionHasRoute(routeVersion, filter.routes[0] ?? null, '/routeVersion');
      if (mode !== 'replay' && routeVersion !== null) {
        throw new HubError('request.invalid', {
          errors: [{ path: '/routeVersion', message: 'a dead delivery keeps the version it was made for' }],
        });
      }
      if (filter.issue !== null) assertIssueIsDead(await issueOf(filter.issue));
      const nowMs = deps.clock.now();
      if (dryRun) {
        const { count, oldestMs, newestMs, exact } = await replays.preview(mode, filter, nowMs);
        reply.code(200);
        return {
          count,
          oldest: moment(oldestMs),
          newest: moment(newestMs),
          estimatedSeconds: estimateSeconds(replayRamp(rate), count),
          exact,
        };
      }
      const id = deps.ids.next(nowMs);
      const createdBy = request.actor.label;
      const audit = auditOf(request, deps, 'replay.create', `replay:${id}`, { mode, rate, routeVersion, filter: auditedFilter(filter) });
      const row = await replays.create({ id, mode, filter, ratePerSecond: rate, routeVersion, createdBy, createdAtMs: nowMs }, audit);
      reply.code(202);
      return replayView(row);
    },
  );

  app.get(
    '/replays',
    {
      config: { role: 'viewer' },
      schema: { tags: ['replays'], summary: 'List replays', querystring: ListQuery, response: { 200: ReplayList, ...PROBLEM_REPLIES } },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await replays.list(decodeCursor(Id, cursor, 'replays'), limit + 1);
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      return { items: items.map(replayView), nextCursor: last === undefined ? null : encodeCursor(last.id, 'replays') };
    },
  );

  app.get(
    '/replays/:id',
    {
      config: { role: 'viewer' },
      schema: { tags: ['replays'], summary: 'Show a replay', params: IdParams, response: { 200: Replay, ...PROBLEM_REPLIES } },
    },
    async (request) => replayView(await found(request.params.id)),
  );

  for (const action of ['pause', 'resume', 'stop'] as const) {
    const { from, to, summary } = MOVES[action];
    app.post(
      `/replays/:id/${action}`,
      {
        config: { role: 'operator' },
        schema: { tags: ['replays'], summary, params: IdParams, response: { 200: Replay, ...PROBLEM_REPLIES } },
      },
      async (request) => {
        const { id } = request.params;
        const moved = await replays.move(id, from, to, deps.clock.now(), auditOf(request, deps, `replay.${action}`, `replay:${id}`));
        if (moved !== null) return replayView(moved);
        const { state } = await found(id);
        throw new HubError('state.conflict', {
          detail:
            state === 'done'
              ? `The replay is done, and all it made was sent; nothing is left to ${action}.`
              : `The replay is ${state}; ${action} is possible only while it is ${from.join(' or ')}.`,
        });
      },
    );
  }

  const issueOf = (id: string) => guarded(() => issueState(deps.db.prisma, id));

  async function found(id: string): Promise<ReplayRow> {
    const row = await replays.find(id);
    if (row === null) throw new HubError('resource.not-found', { detail: 'There is no replay with this id.' });
    return row;
  }
};

/** Ten thousand ids do not belong into an audit entry. */
function auditedFilter({ ids, issue, spokes, types, states, routes, fromMs, toMs }: ReplayFilter) {
  return {
    spokes: [...spokes],
    types: [...types],
    states: [...states],
    routes: [...routes],
    ids: ids?.length ?? null,
    issue,
    fromMs,
    toMs,
  };
}

function moment(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
