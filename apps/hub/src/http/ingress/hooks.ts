/** `/hooks/{spoke}`: webhooks of any content type, verified on their exact bytes. */
import { HubError, isHubError } from '@nave/core';
import type { CompiledInbound, CompiledSpoke } from '@nave/pipeline';
import { handshakeAnswer } from '@nave/security';
import type { FastifyInstance } from 'fastify';
import type { IngressRouteDeps } from './index.ts';
import { rawRequestOf } from './raw-request.ts';
import { readBody } from './read-body.ts';

export async function hookRoutes(app: FastifyInstance, deps: IngressRouteDeps): Promise<void> {
  const find = (name: string): { spoke: CompiledSpoke; inbound: CompiledInbound } => {
    const spoke = deps.registry.spoke(name);
    if (spoke === null || !spoke.definition.enabled || spoke.inbound === null)
      throw new HubError('resource.not-found', { detail: 'No spoke receives webhooks under this name' });
    return { spoke, inbound: spoke.inbound };
  };

  app.post<{ Params: { spoke: string } }>('/hooks/:spoke', { schema: deps.schemas.hook }, async (request, reply) => {
    const { spoke, inbound } = find(request.params.spoke);
    const body = await readBody(request.raw, request.raw.headers, inbound.definition.maxBytes);
    const raw = rawRequestOf(request, body, deps.publicUrl);
    try {
      const answer = await deps.accepter.hook(spoke, inbound, raw);
      if ('messageId' in answer) return reply.code(202).send(answer);
      return reply.code(answer.status).type(answer.contentType).send(answer.body);
    } catch (error) {
      if (isHubError(error) && error.code === 'auth.signature') {
        deps.onRefused({ spoke: spoke.definition.name, reason: error.detail, address: raw.remoteAddress });
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
