/** What the OpenAPI document says of SOAP callers. Envelopes are read and checked by the handler, on their exact bytes. */
import { Name, PROBLEM_REPLIES } from '@nave/api-schema';
import type { FastifySchema } from 'fastify';
import { Type } from 'typebox';

const envelope = (description: string, headers: object = {}) => ({
  description,
  headers,
  content: { 'text/xml': { schema: { type: 'string' } }, 'application/soap+xml': { schema: { type: 'string' } } },
});
const retryAfter = { 'Retry-After': { description: 'Seconds to wait, where repeating helps', type: 'integer' } };

export const soapSchemas = {
  call: {
    tags: ['ingress'],
    summary: 'Call an operation of a spoke by SOAP 1.1 or 1.2',
    description:
      'The operations are those of `inbound.operations`; the WSDL describes them. Verified as the spoke says, answered after the message is committed. Every refusal is a fault, with a problem document in its detail.',
    params: Type.Object({ spoke: Name }),
    consumes: ['text/xml', 'application/soap+xml'],
    body: Type.String({ description: 'A SOAP envelope' }),
    security: [],
    response: {
      200: envelope('The answer of a reply route, or the id of the message'),
      202: { description: 'A one-way operation: committed', type: 'null' },
      400: envelope("A fault of SOAP 1.2 that is the sender's"),
      500: envelope("Any fault of SOAP 1.1; of SOAP 1.2 one that is the receiver's", retryAfter),
    },
  },
  wsdl: {
    tags: ['ingress'],
    summary: 'The WSDL 1.1 of what SOAP callers may call',
    params: Type.Object({ spoke: Name }),
    querystring: Type.Object({ wsdl: Type.Optional(Type.String({ description: 'Has to be there, also without a value' })) }),
    security: [],
    response: { 200: { description: 'The WSDL', content: { 'text/xml': { schema: { type: 'string' } } } }, ...PROBLEM_REPLIES },
  },
} satisfies Record<string, FastifySchema>;
