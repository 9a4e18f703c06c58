/** `/stats`: totals, rates, latencies and error shares of a time window. */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { PROBLEM_REPLIES, Stats, StatsQuery } from '@nave/api-schema';
import { formatDuration, HubError, parseDuration } from '@nave/core';
import { type TrafficStats, trafficStats } from '@nave/store';
import type { AdminDeps } from '../admin-deps.ts';
import { statsView } from './stats-view.ts';

const WINDOW_MIN_MS = 60_000;
const WINDOW_MAX_MS = 30 * 86_400_000;

export const statsRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/stats',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['stats'],
        summary: 'Traffic of a time window',
        querystring: StatsQuery,
        response: { 200: Stats, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const windowMs = parseDuration(request.query.window ?? '1h');
      if (windowMs === null || windowMs < WINDOW_MIN_MS || windowMs > WINDOW_MAX_MS) {
        const message = `expected ${formatDuration(WINDOW_MIN_MS)} to ${formatDuration(WINDOW_MAX_MS)}`;
        throw new HubError('request.malformed', { errors: [{ path: '/query/window', message }] });
      }
      const stats: TrafficStats = await trafficStats(deps.db, deps.clock.now(), windowMs);
      return statsView(stats);
    },
  );
};
