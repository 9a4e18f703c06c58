/** `/stats`: totals, rates, latencies and error shares of a time window, and the same over time. */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { PROBLEM_REPLIES, SeriesQuery, Stats, StatsQuery, StatsSeries } from '@nave/api-schema';
import { formatDuration, HubError, parseDuration } from '@nave/core';
import { type TrafficStats, trafficSeries, trafficStats } from '@nave/store';
import type { AdminDeps } from '../admin-deps.ts';
import { seriesSteps } from './series-steps.ts';
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

  app.get(
    '/stats/series',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['stats'],
        summary: 'Traffic over time, a point per step',
        description:
          'window: 5m to 7d, default 1h. step: whole seconds, at most 500 in the window; without it about a hundred points. spoke: messages from it and deliveries to it. route: its deliveries; received then counts the runs it began, without replays. Everything counts where it was created.',
        querystring: SeriesQuery,
        response: { 200: StatsSeries, ...PROBLEM_REPLIES },
      },
    },
    async ({ query: { window, step, spoke, route } }) => {
      const asOfMs = deps.clock.now();
      const { windowMs, ...steps } = seriesSteps(asOfMs, window, step);
      const { exact, points } = await trafficSeries(deps.db, { ...steps, spoke: spoke ?? null, route: route ?? null });
      return {
        asOf: new Date(asOfMs).toISOString(),
        window: formatDuration(windowMs),
        stepSeconds: steps.stepMs / 1_000,
        exact,
        points: points.map(({ atMs, ...point }) => ({ at: new Date(atMs).toISOString(), ...point })),
      };
    },
  );
};
