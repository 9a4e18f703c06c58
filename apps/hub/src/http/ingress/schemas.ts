/** What the OpenAPI document says of ingress. Bodies are read and checked by the handlers, on their exact bytes. */
import { Accepted, BatchAnswer, Name, PROBLEM_REPLIES, Problem, Publication } from '@nave/api-schema';
import type { FastifySchema } from 'fastify';
import { Type } from 'typebox';

const params = Type.Object({ spoke: Name });

// Headers are given as plain schemas: the document wraps them.
const retryAfter = { 'Retry-After': { description: 'Seconds to wait', type: 'integer' } };
const REFUSED_FOR_NOW = {
  429: {
    description: 'More messages than the spoke lets this caller bring, or too many refused calls from this address. Nothing was stored',
    headers: {
      ...retryAfter,
      'RateLimit-Policy': {
        description: 'The limit: q messages in w seconds',
        type: 'string',
        example: '"default";q=100;w=60',
      },
      RateLimit: { description: 'What is left: r messages, anew in t seconds', type: 'string', example: '"default";r=0;t=30' },
    },
    content: { 'application/problem+json': { schema: Problem } },
  },
  503: {
    description: 'The hub is overloaded or cannot store. Nothing was stored, unless the database did not answer in time',
    headers: retryAfter,
    content: { 'application/problem+json': { schema: Problem } },
  },
} as const;

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
      ...REFUSED_FOR_NOW,
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
    response: { 202: Type.Union([Accepted, Type.Array(BatchAnswer)]), ...REFUSED_FOR_NOW, ...PROBLEM_REPLIES },
  },
} satisfies Record<string, FastifySchema>;
