/** Builds the HTTP side: three scopes (ingress, admin, ops) that share nothing but the error handler. Does not listen. */
import { readFileSync } from 'node:fs';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { HubError, type Logger } from '@nave/core';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { AdminDeps } from './admin/admin-deps.ts';
import { adminScope } from './admin/index.ts';
import { boundClose } from './bounded-close.ts';
import { type CallDeps, callScope } from './call/index.ts';
import { allowOrigins } from './cors.ts';
import { type AnswerPage, type DashboardDeps, serveDashboard } from './dashboard/index.ts';
import { type IngressDeps, ingressScope } from './ingress/index.ts';
import { openApiOptions } from './openapi.ts';
import { type OpsDeps, opsScope } from './ops/index.ts';
import { pathOf, problemOf, sendProblem } from './problem.ts';
import { routeTable } from './route-table.ts';
import { type SoapDeps, soapScope } from './soap/index.ts';
import { validatorCompiler } from './validation.ts';

export interface AppDeps {
  http: HttpOptions;
  logger: Logger;
  ingress: Omit<IngressDeps, 'schemas'>;
  calls: CallDeps;
  soap: SoapDeps;
  admin: AdminDeps;
  ops: OpsDeps;
  /** Null where no dashboard is served. */
  dashboard: DashboardDeps | null;
  /** A process that only delivers answers for health and metrics, nothing else. */
  healthOnly: boolean;
}

export interface HttpOptions {
  /** CIDRs whose `X-Forwarded-*` count. */
  trustProxy: readonly string[];
  /** Serve HTTPS; paths of PEM files. */
  tls: { certPath: string; keyPath: string; clientCaPath: string | null } | null;
  /** Origins that browsers may call the admin API from. */
  corsOrigins: readonly string[];
}

/** Everything the admin API and published messages may send; hooks have a limit per spoke. */
const BODY_BYTES_MAX = 5 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
/** A stop leaves this much time to requests under way. */
const CLOSE_GRACE_MS = 5_000;
const HEADER_BYTES_MAX = 32 * 1024;

/** The whole app, ready for `listen` or `inject`. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = Fastify(serverOptions(deps));
  boundClose(app, CLOSE_GRACE_MS);
  app.setValidatorCompiler(validatorCompiler());
  const table = routeTable(app);
  app.decorate('servedRoutes', table.all);
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error, deps.logger));
  let answerPage: AnswerPage = () => false;
  app.setNotFoundHandler(async (request, reply) => {
    const allowed = table.methodsOf(pathOf(request.url));
    if (allowed.length === 0 && answerPage(request, reply)) return reply;
    if (allowed.length === 0) throw new HubError('resource.not-found', { detail: 'Nothing is served under this path.' });
    reply.header('allow', allowed.join(', '));
    throw new HubError('request.method', { detail: `This path takes ${allowed.join(', ')}.` });
  });
  if (deps.healthOnly) await app.register(opsScope, deps.ops);
  else {
    await serveAll(app, deps);
    if (deps.dashboard !== null) answerPage = serveDashboard(app, deps.dashboard);
  }
  await app.ready();
  return app;
}

async function serveAll(app: FastifyInstance, deps: AppDeps): Promise<void> {
  if (deps.http.corsOrigins.length > 0) allowOrigins(app, deps.http.corsOrigins);
  await app.register(swagger, openApiOptions());
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // A hub on plain HTTP in a private network must stay reachable.
    transformStaticCSP: (header) => header.replace(' upgrade-insecure-requests;', ''),
    theme: { title: 'Nave API', css: [{ filename: 'nave.css', content: '.swagger-ui .topbar { display: none }' }] },
    uiConfig: { persistAuthorization: false },
  });
  await app.register(ingressScope, deps.ingress);
  await app.register(callScope, deps.calls);
  await app.register(soapScope, deps.soap);
  await app.register(adminScope, { prefix: '/api/v1', deps: deps.admin });
  await app.register(opsScope, deps.ops);
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

function serverOptions({ http, logger }: AppDeps): FastifyServerOptions {
  const tls = http.tls && {
    cert: readFileSync(http.tls.certPath),
    key: readFileSync(http.tls.keyPath),
    // Certificates are asked for, not demanded: the scheme `mtls` of a spoke decides.
    ...(http.tls.clientCaPath === null ? {} : { ca: readFileSync(http.tls.clientCaPath), requestCert: true, rejectUnauthorized: false }),
  };
  return {
    logger: false,
    trustProxy: http.trustProxy.length > 0 ? [...http.trustProxy] : false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    ...(tls ? { https: { ...tls, maxHeaderSize: HEADER_BYTES_MAX } } : { http: { maxHeaderSize: HEADER_BYTES_MAX } }),
    frameworkErrors: (error, request, reply) => {
      sendProblem(request, reply, error, logger).catch((failure: unknown) => logger.error({ reason: String(failure) }, 'no answer sent'));
    },
    clientErrorHandler(error, socket) {
      // Node gives no request here: the bytes were no HTTP, too slow, or their headers too large.
      if (!socket.writable) return;
      const large = error.code === 'HPE_HEADER_OVERFLOW';
      const detail = large ? 'The headers are too large.' : 'This is not a readable HTTP request.';
      const problem = problemOf(new HubError('request.malformed', { detail }), '/').body;
      const body = JSON.stringify({ ...problem, status: large ? 431 : 400 });
      const status = large ? '431 Request Header Fields Too Large' : '400 Bad Request';
      const head = `HTTP/1.1 ${status}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}`;
      socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
    },
  };
}
