/** `spokes/{name}/polls`: asking a system for its events now. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { PollParams, PollRun, PROBLEM_REPLIES } from '@nave/api-schema';
import { writeAudit } from '@nave/store';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { NOT_YET } from './with-polls.ts';

export const pollRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.post(
    '/spokes/:name/polls/:poll/run',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Fetch the events of a system now, before the poll is due',
        tags: ['spokes'],
        params: PollParams,
        response: { 200: PollRun, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { name, poll } = request.params;
      const turn = await deps.polls.run(name, poll);
      await writeAudit(deps.db, [auditOf(request, deps, 'poll.run', `spoke:${name}`, { poll, end: turn.end, items: turn.items })]);
      const status = (await deps.polls.progress(name)).get(poll) ?? NOT_YET;
      const { items, duplicates, more, detail } = turn;
      const words = { ok: '', failed: detail, lost: LOST, stopped: 'The hub is stopping.', waiting: 'The rate of the spoke is used up.' };
      return { ok: turn.end === 'ok', items, duplicates, refused: turn.refused.length, more, detail: words[turn.end], status };
    },
  );
};

const LOST = 'The database took too long; another process goes on.';
