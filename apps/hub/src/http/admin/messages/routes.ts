/** `/messages`: searched, shown, revealed, replayed. */

import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import {
  Id,
  IdParams,
  MESSAGE_STATE_NAMES,
  Message,
  MessageEdited,
  MessageList,
  MessagePayload,
  MessageQuery,
  MessageReplay,
  MessageReplayed,
  PROBLEM_REPLIES,
} from '@nave/api-schema';
import { HubError, isHubError } from '@nave/core';
import { createMessageReader, type FoundMessage, replayOne, writeAudit } from '@nave/store';
import { decodeCursor, encodeCursor } from '../../cursor.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { deliveryView } from '../deliveries/delivery-view.ts';
import { membersOf, momentOf, typePatternsOf, wordsOf } from '../query-values.ts';
import { assertVersionHasRoute, replayView } from '../replays/replay-view.ts';
import { editOf, replayEdited } from './edited-replay.ts';
import { openPayload } from './message-payload.ts';
import { timelineOf } from './message-timeline.ts';

export const messagesRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  const reader = createMessageReader(deps.db);

  app.get(
    '/messages',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['messages'],
        summary: 'Search messages',
        querystring: MessageQuery,
        response: { 200: MessageList, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { limit, cursor, ...asked } = request.query;
      const after = decodeCursor(Id, cursor, asked);
      const plain = {
        spokes: wordsOf(asked.spoke),
        types: typePatternsOf(asked.type),
        states: membersOf(asked.state, MESSAGE_STATE_NAMES),
        routes: wordsOf(asked.route),
        fromMs: momentOf(asked.from),
        toMs: momentOf(asked.to),
      };
      const known = asked.q === undefined ? null : await reader.idsKnownAs(asked.q, deps.businessKeyHashes(asked.q));
      const failed = asked.error === undefined ? null : new Set(await reader.idsFailedWith(asked.error, plain));
      const ids = failed === null ? known : known === null ? [...failed] : known.filter((id) => failed.has(id));
      const filter = { ...plain, ids };
      const { items, next } = await reader.search(filter, { order: 'newest', after, limit });
      return { items: items.map(summaryView), nextCursor: next === null ? null : encodeCursor(next, asked) };
    },
  );

  app.get(
    '/messages/:id',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['messages'],
        summary: 'Show a message with all that happened',
        params: IdParams,
        response: { 200: Message, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const message = await reader.find(request.params.id);
      if (message === null) throw notFound();
      return {
        ...summaryView(message),
        keys: message.keys,
        editedFrom: message.causationId,
        edits: message.edits,
        deliveries: message.deliveries.map(deliveryView),
        timeline: timelineOf(message),
      };
    },
  );

  app.get(
    '/messages/:id/payload',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['messages'],
        summary: 'Reveal what a message carried (audited)',
        params: IdParams,
        response: { 200: MessagePayload, ...PROBLEM_REPLIES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const sealed = await reader.sealedPayload(id);
      if (sealed === null) throw notFound();
      // Committed before anything is opened: nobody sees a payload without a trace.
      await writeAudit(deps.db, [auditOf(request, deps, 'payload.reveal', `message:${id}`, { spoke: sealed.spoke })]);
      return openPayload(deps.sealer, sealed);
    },
  );

  app.post(
    '/messages/:id/replay',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['messages'],
        summary: 'Deliver a message anew: new deliveries, new keys',
        description:
          'With body or bodyBase64 (role admin, audited as message.replay.edited): a new message is accepted that keeps type, ordering key and correlation id, linked both ways.',
        params: IdParams,
        body: Type.Union([MessageReplay, Type.Null()]),
        response: { 202: Type.Union([MessageReplayed, MessageEdited]), ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { route = null, routeVersion = null } = request.body ?? {};
      assertVersionHasRoute(routeVersion, route, '/routeVersion');
      const edit = editOf(request.body ?? {});
      if (edit !== null) {
        const edited = await replayEdited(deps, request, id, { ...edit, route, routeVersion });
        if (edited === null) throw notFound();
        reply.code(202);
        return edited;
      }
      const audit = auditOf(request, deps, 'message.replay', `message:${id}`, { route, routeVersion });
      const options = { messageId: id, route, routeVersion, createdBy: request.actor.label, audit };
      const done = await replayOne(deps, options).catch((error: unknown) => {
        if (!isHubError(error) || error.code !== 'resource.not-found') throw error;
        const path = routeVersion === null ? '/route' : '/routeVersion';
        throw new HubError('request.invalid', { detail: error.detail, errors: [{ path, message: 'does not exist' }], cause: error });
      });
      if (done === null) throw notFound();
      reply.code(202);
      return { ...replayView(done.replay), deliveries: done.deliveryIds };
    },
  );
};

function notFound(): HubError {
  return new HubError('resource.not-found', { detail: 'There is no message with this id.' });
}

function summaryView({ spoke, receivedAt, completedAt, unrouted: _unrouted, ...row }: FoundMessage) {
  const { id, type, state, idempotencyKey, correlationId, orderingKey, size, contentType } = row;
  return {
    ...{ id, source: spoke, type, state, receivedAt: receivedAt.toISOString(), completedAt: completedAt?.toISOString() ?? null },
    ...{ idempotencyKey, correlationId, orderingKey, size, contentType },
  };
}
