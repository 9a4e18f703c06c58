/** The ingress scope: calls that become messages. Bodies stay bytes until their signature is checked. */
import type { Accepter, Registry } from '@nave/pipeline';
import type { FastifyPluginAsync, FastifySchema } from 'fastify';
import type { Actor } from '../auth/actor.ts';
import type { IngressLimits } from '../limits/ingress-limits.ts';
import { hookRoutes } from './hooks.ts';
import { publishRoutes } from './publish.ts';
import { ingressSchemas } from './schemas.ts';

export interface IngressDeps {
  accepter: Accepter;
  registry: Registry;
  /** Base URL as senders see it, without a trailing slash. */
  publicUrl: string;
  authenticate: (bearer: string) => Promise<Actor | null>;
  /** By the cookie of a dashboard sign-in; left out, only keys publish. */
  authenticateSession?: (token: string) => Promise<Actor | null>;
  /** Told of each message that somebody signed in publishes, before it is accepted; without a trace there is no message. */
  auditPublished?: (published: { actor: string; spoke: string; type: string }) => Promise<void>;
  onRefused: (refusal: { spoke: string | null; reason: string; address: string }) => void;
  limits: IngressLimits;
}

export interface IngressRouteDeps extends IngressDeps {
  schemas: { hook: FastifySchema; handshake: FastifySchema; publish: FastifySchema };
}

export const ingressScope: FastifyPluginAsync<IngressDeps> = async (app, deps) => {
  // Handlers read the body themselves: its limit depends on the spoke.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setValidatorCompiler(() => () => true);
  // Before anything is looked up or read: a hub that is about to drown has to say so cheaply. Handshakes by GET store nothing.
  app.addHook('onRequest', (request, _reply, done) => {
    const refusal = request.method === 'GET' || request.method === 'HEAD' ? null : deps.limits.guard.refusal();
    if (refusal === null) done();
    else done(refusal);
  });
  const all: IngressRouteDeps = { ...deps, schemas: ingressSchemas };
  await hookRoutes(app, all);
  await publishRoutes(app, all);
};
