/** What is wrong with the answering part of a route. */
import type { RouteSpec } from '@nave/api-schema';
import type { ExpressionEngine, FieldProblem } from '@nave/core';
import { isReplyHeader } from '@nave/pipeline';
import { expressionProblems } from '../declaration/expression-problems.ts';
import { lengthProblem } from '../declaration/policy-problems.ts';

const TIMEOUT_MAX_MS = 300_000;
const TTL_MAX_MS = 86_400_000;
const ONLY_REPLY = ['reply', 'onTimeout', 'onFailure', 'onHangup', 'cache'] as const;

/** JSON Pointers below the route. */
export function callProblems(spec: RouteSpec, expressions: ExpressionEngine): FieldProblem[] {
  if (spec.mode !== 'reply') {
    const given = [...(spec.timeout === null ? [] : ['timeout']), ...ONLY_REPLY.filter((name) => spec[name] != null)];
    return given.map((name) => ({ path: `/${name}`, message: `only routes of mode reply have ${name}` }));
  }
  const problems = lengthProblem('/timeout', spec.timeout, 1, TIMEOUT_MAX_MS);
  const { reply, cache } = spec;
  if (reply) {
    if (typeof reply.status === 'string') problems.push(...expressionProblems(expressions, reply.status, 'any', '/reply/status'));
    problems.push(...expressionProblems(expressions, reply.body, 'any', '/reply/body'));
    for (const [name, text] of Object.entries(reply.headers)) {
      const path = `/reply/headers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (!isReplyHeader(name)) problems.push({ path, message: 'is set by the hub or the connection' });
      problems.push(...expressionProblems(expressions, text, 'any', path));
    }
  }
  if (cache) {
    problems.push(...lengthProblem('/cache/ttl', cache.ttl, 1, TTL_MAX_MS));
    // Evaluated before anything is stored.
    problems.push(...expressionProblems(expressions, cache.key, 'simple', '/cache/key'));
  }
  return problems;
}
