/** `/audit`: what people and the hub's guards did, and whether the record still is what was written. */

import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { AuditList, AuditQuery, AuditVerdict, AuditVerifyQuery, PROBLEM_REPLIES } from '@nave/api-schema';
import { listAudit, verifyAudit } from '@nave/store';
import { decodeCursor, encodeCursor } from '../../cursor.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { momentOf, wordsOf } from '../query-values.ts';

const Position = Type.String({ pattern: '^[0-9]{1,18}$' });

export const auditRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  app.get(
    '/audit',
    {
      config: { role: 'viewer' },
      schema: { tags: ['audit'], summary: 'List audit entries', querystring: AuditQuery, response: { 200: AuditList, ...PROBLEM_REPLIES } },
    },
    async (request) => {
      const { limit, cursor, ...asked } = request.query;
      const before = decodeCursor(Position, cursor, asked);
      const filter = {
        actors: wordsOf(asked.actor),
        actions: wordsOf(asked.action),
        subjects: wordsOf(asked.subject),
        fromMs: momentOf(asked.from),
        toMs: momentOf(asked.to),
      };
      const { items, next } = await listAudit(deps.db, filter, before === null ? null : BigInt(before), limit);
      return {
        items: items.map((item) => ({ ...item, at: item.at.toISOString() })),
        nextCursor: next === null ? null : encodeCursor(next, asked),
      };
    },
  );

  app.get(
    '/audit/verify',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['audit'],
        summary: 'Check the chain of entries',
        querystring: AuditVerifyQuery,
        response: { 200: AuditVerdict, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { from } = request.query;
      const start = from === undefined ? {} : /^\d+$/.test(from) ? { fromSeq: Number(from) } : { fromMs: Date.parse(from) };
      return verifyAudit(deps.db, deps.checkpointSigner, start);
    },
  );
};
