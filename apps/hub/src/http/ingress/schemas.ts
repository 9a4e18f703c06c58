/** What the OpenAPI document says of ingress. Bodies are read and checked by the handlers, on their exact bytes. */
import { Accepted, BatchAnswer, Name, PROBLEM_REPLIES, Publication } from '@nave/api-schema';
import type { FastifySchema } from 'fastify';
import { Type } from 'typebox';

const params = Type.Object({ spoke: Name });

export const ingressSchemas = {
  hook: {
    tags: ['ingress'],
    summary: 'Receive a webhook',
    description: 'Any content type. Answered after the message is committed.',
    params,
    security: [],
    response: {
      202: Accepted,
      200: { description: 'A handshake of the provider, answered and not stored', content: { '*/*': { schema: {} } } },
      ...PROBLEM_REPLIES,
    },
  },
  handshake: {
    tags: ['ingress'],
    summary: "Answer a provider's verification handshake",
    params,
    security: [],
    response: { 200: { description: 'As the provider prescribes', content: { '*/*': { schema: {} } } }, ...PROBLEM_REPLIES },
  },
  publish: {
    tags: ['ingress'],
    summary: 'Publish a message, a batch or CloudEvents',
    querystring: Type.Object({ spoke: Type.Optional(Name) }),
    consumes: ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'],
    body: Type.Union([Publication, Type.Array(Publication, { maxItems: 1_000 })]),
    response: { 202: Type.Union([Accepted, Type.Array(BatchAnswer)]), ...PROBLEM_REPLIES },
  },
} satisfies Record<string, FastifySchema>;
