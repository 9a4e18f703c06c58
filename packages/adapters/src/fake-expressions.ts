/** An expression engine for tests of kinds: paths, text literals, and functions given by their text. The real one is tested in its own package. */
import { type CompiledExpression, type ExpressionEngine, type ExpressionScope, HubError } from '@nave/core';

export type FakeExpression = (root: unknown, scope?: ExpressionScope) => unknown;

const PATH = /^\$?[A-Za-z_]?[\w]*(?:\.[A-Za-z_]\w*)*$/;

/** `!` anywhere in a text stands for a mistake; texts that are neither known, paths nor literals do not compile either. */
export function createFakeExpressions(known: Readonly<Record<string, FakeExpression>> = {}): ExpressionEngine {
  return {
    compile(text): CompiledExpression {
      const evaluate = known[text] ?? literal(text) ?? path(text);
      if (!evaluate || text.includes('!')) throw new HubError('expression.compile', { detail: 'does not compile at position 1' });
      return { text, simple: true, evaluate: async (root, scope) => evaluate(root, scope) };
    },
    close: async () => {},
  };
}

function literal(text: string): FakeExpression | null {
  const match = /^'([^']*)'$/.exec(text);
  return match ? () => match[1] : null;
}

function path(text: string): FakeExpression | null {
  if (!PATH.test(text)) return null;
  const keys = text === '$' ? [] : text.split('.');
  return (root) =>
    keys.reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? Object.getOwnPropertyDescriptor(at, key)?.value : undefined),
      root,
    );
}
