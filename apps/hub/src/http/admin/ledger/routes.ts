/** `/ledger`: that everything accepted was dealt with, and `/ledger/verify`, which counts it again. */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Ledger, LedgerQuery, LedgerVerdict, LedgerVerifyQuery, PROBLEM_REPLIES } from '@nave/api-schema';
import { formatDuration, HubError, parseDuration } from '@nave/core';
import { ledgerReport, verifyLedger } from '@nave/store';
import type { AdminDeps } from '../admin-deps.ts';
import { momentOf } from '../query-values.ts';
import { ledgerView, verdictView } from './ledger-view.ts';

const MINUTE_MS = 60_000;
const WINDOW_MAX_MS = 3_650 * 86_400_000;
/** A verification answers after so long with what it reached; the caller goes on there. */
const VERIFY_MS = 10_000;

export const ledgerRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/ledger',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['ledger'],
        summary: 'What was accepted in a time window and what became of it',
        querystring: LedgerQuery,
        response: { 200: Ledger, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const windowMs = parseDuration(request.query.window ?? '1h');
      if (windowMs === null || windowMs < MINUTE_MS || windowMs > WINDOW_MAX_MS) {
        const message = `expected ${formatDuration(MINUTE_MS)} to ${formatDuration(WINDOW_MAX_MS)}`;
        throw new HubError('request.malformed', { errors: [{ path: '/query/window', message }] });
      }
      return ledgerView(await ledgerReport(deps.db, deps.clock.now(), windowMs));
    },
  );

  app.get(
    '/ledger/verify',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['ledger'],
        summary: 'Count what was accepted again, from the rows',
        querystring: LedgerVerifyQuery,
        response: { 200: LedgerVerdict, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const nowMs = deps.clock.now();
      const [start, end] = [momentOf(request.query.from), momentOf(request.query.to)];
      // An empty stretch would be found whole, and somebody would believe it.
      if (start !== null && end !== null && start >= end)
        throw new HubError('request.malformed', { errors: [{ path: '/query/to', message: 'expected a time after from' }] });
      const from = Math.max(0, Math.floor((start ?? 0) / MINUTE_MS) * MINUTE_MS);
      const until = Math.ceil(Math.min(end ?? nowMs, nowMs) / MINUTE_MS) * MINUTE_MS;
      return verdictView(await verifyLedger(deps.db, from, until, { patienceMs: VERIFY_MS, now: () => performance.now() }));
    },
  );
};
