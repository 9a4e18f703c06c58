/** What the OpenAPI document says of calls. */
import { CallProblem, Name, PROBLEM_REPLIES } from '@nave/api-schema';
import type { FastifySchema } from 'fastify';
import { Type } from 'typebox';

const problem = (description: string) => ({ description, content: { 'application/problem+json': { schema: CallProblem } } });
const retryAfter = { 'Retry-After': { description: 'Seconds to wait', type: 'integer' } };

const response = {
  '2xx': {
    description: 'The answer of the route: what its steps answered, mapped. Other statuses may come from the mapping, or from the spoke',
    headers: {
      'X-Nave-Message-Id': { description: 'The message that was stored for the call', type: 'string' },
      'X-Nave-Duplicate': { description: '`true`: the stored answer of an earlier call with the same key', type: 'string' },
      'X-Nave-Cache': { description: '`hit`, `shared` or `miss`, for routes with a cache', type: 'string' },
      Age: { description: 'Seconds the answer has been in the cache', type: 'integer' },
    },
    content: { '*/*': { schema: {} } },
  },
  409: {
    ...problem('The first call with this idempotency key is still under way, or the key belongs to another message'),
    headers: retryAfter,
  },
  422: problem('The route\'s "when" does not hold, or the body breaks the schema of the spoke'),
  502: problem('The spoke refused or failed; the outcome class and its status are told'),
  503: { ...problem('The spoke is paused or its breaker is open, or the hub is overloaded'), headers: retryAfter },
  504: problem("There was no answer within the route's time; the message stays recorded"),
  ...PROBLEM_REPLIES,
} as const;

const DESCRIPTION =
  "Takes a key of the role publish that names the route's source spoke, a key of the role admin, or what the spoke's own verification scheme asks for. Expressions of the route see `$method`, `$path`, `$query` and `$headers`.";

export function callSchema(below: boolean): FastifySchema {
  return {
    tags: ['ingress'],
    summary: below ? 'Call a reply route with a path below it' : 'Call a reply route',
    description: DESCRIPTION,
    params: Type.Object(below ? { route: Name, '*': Type.String({ description: '`$path`' }) } : { route: Name }),
    response,
  };
}
