/** The ops scope: open and cheap. Liveness, readiness, metrics, and the status page until the dashboard exists. */
import type { FastifyPluginAsync } from 'fastify';
import { statusPage } from './status-page.ts';

export interface ReadinessCheck {
  name: string;
  ok: boolean;
  detail: string;
}

export interface OpsDeps {
  /** Never throws; bounded in time. */
  readiness: () => Promise<readonly ReadinessCheck[]>;
  metrics: () => Promise<{ contentType: string; body: string }>;
  publicUrl: string;
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
  app.get('/', { schema: { hide: true } }, async (_request, reply) => {
    const checks = await deps.readiness();
    return reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      )
      .header('cache-control', 'no-store')
      .send(statusPage(checks, deps.publicUrl));
  });
};
