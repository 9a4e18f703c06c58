/** `/stream`: changes as they happen, as server-sent events. */

import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { PROBLEM_REPLIES } from '@nave/api-schema';
import { HubError } from '@nave/core';
import type { FastifyRequest } from 'fastify';
import { actorOfSession } from '../../auth/authenticate.ts';
import { SESSION_COOKIE } from '../../auth/session-cookie.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { createChangeFeed } from './change-feed.ts';
import { batchOf, framesOf, HEARTBEAT, OPENING, positionOf } from './event-frame.ts';

const WATCHERS_MAX = 100;
const HEARTBEAT_MS = 15_000;
/** A watcher that leaves this much unread is cut off; it comes back with its position. */
const UNREAD_BYTES_MAX = 1024 * 1024;
/** How long a watcher may take to read the rest when its connection ends. */
const UNREAD_MS = 1_000;
/** Connections end now and then, so that nothing that was missed lasts for ever. */
const CONNECTION_MS = 30 * 60_000;

const Headers = Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 64 })) });
const Query = Type.Object(
  {
    frames: Type.Optional(
      Type.Enum(['events', 'batches'], {
        description: 'Default `events`. With `batches` all that is told at once is one event `batch`, a list of `{ event, data }`',
      }),
    ),
  },
  { additionalProperties: false },
);
const Events = {
  description: 'Events message, delivery, queue and alert, each with `{ id, at, ... }`, or `batch`; goes on after `Last-Event-ID`',
  content: { 'text/event-stream': { schema: Type.String() } },
};

export const streamRoutes: FastifyPluginAsyncTypebox<{ deps: AdminDeps }> = async (app, { deps }) => {
  const feed = createChangeFeed(deps);
  const connections = new Set<() => void>();
  let watching = 0;
  app.addHook('preClose', async () => {
    for (const end of connections) end();
    feed.close();
  });

  app.get(
    '/stream',
    {
      config: { role: 'viewer' },
      // A HEAD that never ends helps nobody.
      exposeHeadRoute: false,
      schema: {
        tags: ['stream'],
        summary: 'Watch what happens',
        querystring: Query,
        headers: Headers,
        response: { 200: Events, ...PROBLEM_REPLIES },
      },
    },
    async (request, reply) => {
      if (watching >= WATCHERS_MAX)
        throw new HubError('limit.overload', { detail: `${WATCHERS_MAX} watchers are the most.`, retryAfterSeconds: 10 });
      watching += 1;
      const { raw } = reply;
      let open = false;
      const waiting: string[] = [];
      const write = (text: string) => {
        if (text === '') return;
        if (!open) waiting.push(text);
        else if (raw.writableLength > UNREAD_BYTES_MAX) raw.destroy();
        else raw.write(text);
      };
      let unwatch: () => void;
      try {
        const since = positionOf(request.headers['last-event-id'], deps.clock.now());
        const frame = request.query.frames === 'batches' ? batchOf : framesOf;
        unwatch = await feed.watch((events, position) => write(frame(events, position)), since);
      } catch (error) {
        watching -= 1;
        throw error;
      }
      const heartbeat = setInterval(() => {
        write(HEARTBEAT);
        void endUnlessWelcome();
      }, HEARTBEAT_MS).unref();
      const endUnlessWelcome = async () => {
        // Nobody is cut off because the database does not answer.
        if (!(await isWelcome(deps, request).catch(() => true))) end();
      };
      const end = () => {
        raw.end();
        // Whoever does not read must not hold up the stop of the server.
        setTimeout(() => raw.destroy(), UNREAD_MS).unref();
      };
      const lifetime = setTimeout(end, CONNECTION_MS).unref();
      connections.add(end);
      const release = () => {
        if (!connections.delete(end)) return;
        clearInterval(heartbeat);
        clearTimeout(lifetime);
        unwatch();
        watching -= 1;
      };
      raw.once('close', release);
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      open = true;
      raw.write(OPENING + waiting.join(''));
      // Gone while the database was asked: `close` was emitted before anybody listened.
      if (raw.destroyed || request.raw.destroyed) release();
    },
  );
};

/** Whether the key, or the sign-in, that a watcher came with is still good. */
async function isWelcome(deps: AdminDeps, { headers, cookies, actor }: FastifyRequest): Promise<boolean> {
  const token = headers.authorization === undefined ? cookies[SESSION_COOKIE] : undefined;
  return (token === undefined ? await deps.keyring.actorOfKey(actor.id) : await actorOfSession(deps, token)) !== null;
}
