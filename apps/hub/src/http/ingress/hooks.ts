/** `/hooks/{spoke}`: webhooks of any content type, verified on their exact bytes. */
import { HubError, isHubError } from '@nave/core';
import type { CompiledInbound, CompiledSpoke } from '@nave/pipeline';
import { handshakeAnswer } from '@nave/security';
import type { FastifyInstance } from 'fastify';
import { assertNotSpent, hookCaller, takeOne, withBody } from './door.ts';
import type { IngressRouteDeps } from './index.ts';
import { rawRequestOf } from './raw-request.ts';

export async function hookRoutes(app: FastifyInstance, deps: IngressRouteDeps): Promise<void> {
  const find = (name: string): { spoke: CompiledSpoke; inbound: CompiledInbound } => {
    const spoke = deps.registry.spoke(name);
    if (spoke === null || !spoke.definition.enabled || spoke.inbound === null)
      throw new HubError('resource.not-found', { detail: 'No spoke receives webhooks under this name' });
    return { spoke, inbound: spoke.inbound };
  };

  app.post<{ Params: { spoke: string } }>('/hooks/:spoke', { schema: deps.schemas.hook }, async (request, reply) => {
    const { spoke, inbound } = find(request.params.spoke);
    const { name } = spoke.definition;
    const { rate, maxBytes } = inbound.definition;
    const tooOften = deps.limits.refusals.refusal(request.ip, name);
    if (tooOften !== null) throw tooOften;
    assertNotSpent(deps.limits, reply, hookCaller(name), rate);
    // Counted once it is verified: calls with bad signatures must not use up what the sender may bring.
    const admit = rate === null ? null : () => takeOne(deps.limits, reply, hookCaller(name), rate);
    try {
      const answer = await withBody(deps.limits, request, maxBytes, (body) =>
        deps.accepter.hook(spoke, inbound, rawRequestOf(request, body, deps.publicUrl), admit),
      );
      if ('messageId' in answer) return reply.code(202).send(answer);
      return reply.code(answer.status).type(answer.contentType).send(answer.body);
    } catch (error) {
      if (isHubError(error) && error.code === 'auth.signature') {
        deps.limits.refusals.refused(request.ip, name);
        deps.onRefused({ spoke: name, reason: error.detail, address: request.ip });
      }
      throw error;
    }
  });

  app.get<{ Params: { spoke: string } }>('/hooks/:spoke', { schema: deps.schemas.handshake }, async (request, reply) => {
    const { inbound } = find(request.params.spoke);
    const answer = handshakeAnswer(inbound.definition.verify, rawRequestOf(request, new Uint8Array(0), deps.publicUrl));
    if (answer === null)
      throw new HubError('resource.not-found', { detail: 'The verification scheme of this spoke has no handshake by GET' });
    return reply.code(answer.status).type(answer.contentType).send(answer.body);
  });
}
