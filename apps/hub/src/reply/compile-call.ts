/** How a reply route answers, with its expressions compiled. */
import type { ExpressionEngine, RouteDefinition } from '@nave/core';
import type { CompiledCall } from '@nave/pipeline';

/** A caller is answered within this time where the route does not say. */
const TIMEOUT_MS = 30_000;

/** Undefined for routes that are no reply routes. @throws HubError `expression.compile` for what the admin API had refused */
export function compileCall({ mode, call, timeoutMs }: RouteDefinition, expressions: ExpressionEngine): CompiledCall | undefined {
  if (mode !== 'reply' || call === undefined) return undefined;
  const { reply, onTimeout, onFailure, onHangup, cache } = call;
  const any = (text: string) => expressions.compile(text, { lane: 'any' });
  return {
    ...{ timeoutMs: timeoutMs ?? TIMEOUT_MS, onTimeout, onFailure, onHangup },
    reply: reply && {
      status: typeof reply.status === 'string' ? any(reply.status) : reply.status,
      headers: Object.entries(reply.headers).map(([name, text]) => ({ name: name.toLowerCase(), expression: any(text) })),
      body: reply.body === null ? null : any(reply.body),
    },
    cache: cache && { key: expressions.compile(cache.key, { lane: 'simple' }), ttlMs: cache.ttlMs },
  };
}
