/** The root that route, step and mapping expressions see, and the scope they run in. */
import type { ExpressionRoot, ExpressionScope, MessageContent } from '@nave/core';

export interface RootFacts {
  id: string;
  type: string;
  source: string;
  data: unknown;
  headers: Readonly<Record<string, string>>;
  receivedAtMs: number;
  correlationId: string | null;
}

export function expressionRoot(facts: RootFacts, steps: Readonly<Record<string, unknown>> = {}): ExpressionRoot {
  return {
    id: facts.id,
    type: facts.type,
    source: facts.source,
    data: facts.data,
    headers: facts.headers,
    receivedAt: isoTime(facts.receivedAtMs),
    correlationId: facts.correlationId,
    steps,
  };
}

let lastSecond = Number.NaN;
let lastPrefix = '';

/** As `toISOString`, which takes as long as a small expression: of messages that come many a second, only the milliseconds differ. */
function isoTime(ms: number): string {
  const second = Math.floor(ms / 1_000);
  if (second !== lastSecond) {
    lastPrefix = new Date(second * 1_000).toISOString().slice(0, -4);
    lastSecond = second;
  }
  return `${lastPrefix}${String(Math.trunc(ms - second * 1_000)).padStart(3, '0')}Z`;
}

/** Deterministic: the present is when the work was created and ids come from its own id, so that a second run gives the same bytes. */
export function expressionScope(seed: string, nowMs: number, extra: Pick<ExpressionScope, 'bindings' | 'responses'> = {}): ExpressionScope {
  return { ...extra, nowMs, seed };
}

/** What a call brings beside its body. */
export interface Called {
  /** Below `/call/{route}`, without its leading slash; empty for the route itself. */
  path: string;
}

/** `$method`, `$path`, `$query` and `$headers` for the expressions of a message that came as a call; nothing for the others. */
export function callBindings(content: Pick<MessageContent, 'headers' | 'query' | 'method' | 'path'>): Pick<ExpressionScope, 'bindings'> {
  const { headers, query, method, path } = content;
  return path === undefined ? {} : { bindings: { headers, query, method, path } };
}
