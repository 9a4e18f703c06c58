/** The ops scope: open and cheap. Liveness, readiness, metrics. */
import type { FastifyPluginAsync } from 'fastify';

export interface ReadinessCheck {
  name: string;
  ok: boolean;
  detail: string;
}

export interface OpsDeps {
  /** Never throws; bounded in time. */
  readiness: () => Promise<readonly ReadinessCheck[]>;
  metrics: () => Promise<{ contentType: string; body: string }>;
}

export const opsScope: FastifyPluginAsync<OpsDeps> = async (app, deps) => {
  app.get('/healthz', { schema: { tags: ['ops'], summary: 'The process is up', security: [] } }, async () => ({ ok: true }));
  app.get('/readyz', { schema: { tags: ['ops'], summary: 'Database, queue and progress', security: [] } }, async (_request, reply) => {
    const checks = await deps.readiness();
    const ok = checks.every((check) => check.ok);
    return reply
      .code(ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ok, checks });
  });
  app.get('/metrics', { schema: { tags: ['ops'], summary: 'Prometheus metrics', security: [] } }, async (_request, reply) => {
    const { contentType, body } = await deps.metrics();
    return reply.type(contentType).send(body);
  });
};
