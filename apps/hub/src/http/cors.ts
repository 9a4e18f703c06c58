/** Cross-origin calls from the origins an administrator named (Fetch standard, section 3.2); no other origin gets a header. */
import type { FastifyInstance } from 'fastify';

const PREFLIGHT_SECONDS = 600;

/** Answers preflights and marks replies for the given origins. Cookies are not allowed across origins: such callers use keys. */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    reply.header('vary', 'Origin');
    if (origin === undefined || !origins.includes(origin)) return;
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', 'ETag, Retry-After');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return;
    await reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
      .header('access-control-allow-headers', 'Authorization, Content-Type, If-Match, Idempotency-Key, Last-Event-ID')
      .header('access-control-max-age', String(PREFLIGHT_SECONDS))
      .send();
  });
}
