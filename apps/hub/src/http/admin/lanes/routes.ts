/** `/lanes`: where deliveries wait for another one of their key, and for which. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Lane, LaneList, LaneQuery, PROBLEM_REPLIES } from '@nave/api-schema';
import { guarded, type LaneRow, listLanes } from '@nave/store';
import { Type } from 'typebox';
import { decodeCursor, encodeCursor } from '../../cursor.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { wordsOf } from '../query-values.ts';

const Position = Type.Object({ spoke: Type.String(), key: Type.String() });

export const lanesRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/lanes',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['lanes'],
        summary: 'List lanes with deliveries waiting, or parked',
        querystring: LaneQuery,
        response: { 200: LaneList, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { limit, cursor, ...asked } = request.query;
      const list = { list: 'lanes', ...asked };
      const after = decodeCursor(Position, cursor, list);
      const filter = { spokes: wordsOf(asked.spoke), parked: asked.state !== undefined };
      const { items, next } = await guarded(() => listLanes(deps.db.prisma, filter, after, limit));
      const nowMs = deps.clock.now();
      return {
        items: items.map((row) => laneView(row, nowMs)),
        nextCursor: next === null ? null : encodeCursor({ spoke: next.spoke, key: next.key }, list),
      };
    },
  );
};

/** A lane that is not parked is blocked since the delivery at its head came. */
function laneView({ spoke, key, head, parkedAt, waiting, state, reason, headCreatedAt }: LaneRow, nowMs: number): Lane {
  const since = parkedAt ?? headCreatedAt ?? new Date(nowMs);
  return { spoke, key, blockedBy: head, waiting, since: since.toISOString(), parked: parkedAt !== null, state, reason };
}
