/** `/soap/{spoke}`: SOAP 1.1 and 1.2 callers, and the WSDL they are generated from. Every refusal of a call is a fault of the caller's version. */
import { HubError, isHubError, type Logger } from '@nave/core';
import type { CompiledInbound, CompiledSpoke } from '@nave/pipeline';
import type { SoapVersion } from '@nave/protocols';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { discardBody } from '../discard-body.ts';
import { assertNotSpent, hookCaller, takeOne } from '../ingress/door.ts';
import type { IngressDeps } from '../ingress/index.ts';
import { rawRequestOf } from '../ingress/raw-request.ts';
import { readBody } from '../ingress/read-body.ts';
import { hubErrorOf, pathOf, sendProblem } from '../problem.ts';
import type { Addressing } from './addressing.ts';
import { type OfferedService, offeredService } from './compile-service.ts';
import { versionOf } from './read-call.ts';
import { soapSchemas } from './schemas.ts';
import { type SoapCallDeps, type SoapEnd, takeSoapCall } from './soap-call.ts';
import { refusal, type SoapRefusal } from './soap-refusal.ts';
import { type SoapAnswer, writeAnswer, writeFault } from './write-answer.ts';

export interface SoapDeps extends IngressDeps, SoapCallDeps {
  accepter: IngressDeps['accepter'];
  registry: IngressDeps['registry'];
  logger: Logger;
}

const NO_SNIFFING = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };

export const soapScope: FastifyPluginAsync<SoapDeps> = async (app, deps) => {
  // The handler reads the body itself: its limit depends on the spoke, and its charset on the document.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setValidatorCompiler(() => () => true);
  app.setErrorHandler(async (error, request, reply) => {
    if (request.method !== 'POST') return sendProblem(request, reply, error, deps.logger);
    await sendRefusal(deps, request, reply, null, refusal(hubErrorOf(error)).refusal);
  });
  // Before anything is looked up or read, as for hooks; a WSDL stores nothing.
  app.addHook('onRequest', (request, _reply, done) => {
    const overload = request.method === 'POST' ? deps.limits.guard.refusal() : null;
    if (overload === null) done();
    else done(overload);
  });

  app.post<{ Params: { spoke: string } }>('/soap/:spoke', { schema: soapSchemas.call }, (request, reply) =>
    handle(deps, request, reply, request.params.spoke),
  );

  app.get<{ Params: { spoke: string } }>('/soap/:spoke', { schema: soapSchemas.wsdl }, async (request, reply) => {
    const { offer } = find(deps, request.params.spoke);
    if (!Object.keys(Object(request.query)).some((name) => /^(?:single)?wsdl$/i.test(name)))
      throw new HubError('resource.not-found', { detail: 'Calls come by POST; the WSDL is at ?wsdl' });
    const wsdl = offer.wsdl(`${deps.publicUrl}/soap/${encodeURIComponent(request.params.spoke)}`);
    return reply.headers(NO_SNIFFING).type('text/xml; charset=utf-8').send(wsdl);
  });
};

function find({ registry }: SoapDeps, name: string): { spoke: CompiledSpoke; inbound: CompiledInbound; offer: OfferedService } {
  const spoke = registry.spoke(name);
  const offer = spoke === null ? null : offeredService(spoke);
  if (spoke === null || spoke.inbound === null || offer === null || !spoke.definition.enabled)
    throw new HubError('resource.not-found', { detail: 'No spoke takes SOAP calls under this name' });
  return { spoke, inbound: spoke.inbound, offer };
}

async function handle(deps: SoapDeps, request: FastifyRequest, reply: FastifyReply, name: string): Promise<FastifyReply> {
  const { spoke, inbound, offer } = find(deps, name);
  const { rate, maxBytes } = inbound.definition;
  const tooOften = deps.limits.refusals.refusal(request.ip, name);
  if (tooOften !== null) throw tooOften;
  assertNotSpent(deps.limits, reply, hookCaller(name), rate);
  const version = versionOf(request.headers['content-type']);
  if (version === null)
    throw new HubError('request.media-type', { detail: 'SOAP 1.1 comes as text/xml, SOAP 1.2 as application/soap+xml' });
  const account = deps.limits.bodies.open();
  const hangup = new AbortController();
  const closed = () => {
    if (!reply.raw.writableFinished) hangup.abort();
  };
  reply.raw.on('close', closed);
  let addressing: Addressing | null = null;
  try {
    const full = () => deps.limits.guard.refuse('bodies');
    const bytes = await readBody(request.raw, request.raw.headers, maxBytes, { account, full });
    const end = await takeSoapCall(deps, {
      ...{ spoke, inbound, offer, version, request: rawRequestOf(request, bytes, deps.publicUrl), hangup: hangup.signal },
      // Counted once the caller is known: refused calls must not use up what the caller may bring.
      admit: rate === null ? null : () => takeOne(deps.limits, reply, hookCaller(name), rate),
      onAddressing(found) {
        addressing = found;
      },
    });
    return await sendEnd(deps, request, reply, version, addressing, end);
  } catch (error) {
    if (isHubError(error) && error.code === 'auth.signature') {
      deps.limits.refusals.refused(request.ip, name);
      deps.onRefused({ spoke: name, reason: error.detail, address: request.ip });
    }
    return await sendRefusal(deps, request, reply, addressing, refusal(hubErrorOf(error)).refusal);
  } finally {
    reply.raw.off('close', closed);
    account.close();
  }
}

async function sendEnd(
  deps: SoapDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  version: SoapVersion,
  addressing: Addressing | null,
  end: SoapEnd,
): Promise<FastifyReply> {
  if (!end.ok) return sendRefusal(deps, request, reply, addressing, end.refusal);
  if (end.messageId !== null) reply.header('x-nave-message-id', end.messageId);
  if (end.duplicate) reply.header('x-nave-duplicate', 'true');
  if (end.content === null) return reply.code(202).send();
  return send(reply, writeAnswer(version, addressing, end.action, end.content));
}

/** A fault; what is the hub's own failure is logged with its cause, as by `sendProblem`. */
async function sendRefusal(
  { logger }: SoapDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  addressing: Addressing | null,
  refused: SoapRefusal,
): Promise<FastifyReply> {
  const { error, messageId } = refused;
  if (error.category === 'internal')
    logger.error({ code: error.code, route: request.routeOptions.url ?? null, reason: reasonOf(error) }, 'request failed');
  // What is not read to its end must not be taken for the next request on the connection.
  if (error.code === 'request.too-large' || request.raw.readableFlowing === false || !request.raw.complete) {
    if (await discardBody(request.raw)) reply.removeHeader('connection');
    else reply.header('connection', 'close');
  }
  if (messageId !== null) reply.header('x-nave-message-id', messageId);
  return send(reply, writeFault(versionOf(request.headers['content-type']) ?? '1.1', addressing, refused, pathOf(request.url)));
}

function reasonOf(error: HubError): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  return (cause.stack ?? cause.message).slice(0, 2_000);
}

function send(reply: FastifyReply, { status, headers, body }: SoapAnswer): FastifyReply {
  return reply
    .code(status)
    .headers({ ...NO_SNIFFING, ...headers })
    .send(body);
}
