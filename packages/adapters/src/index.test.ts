import { describe, expect, it } from 'vitest';
import { createFakeExpressions } from './fake-expressions.ts';
import { KINDS, kindOf } from './index.ts';

describe('the list of kinds', () => {
  it('finds each by its name, and nothing else', () => {
    expect(new Set(KINDS.map(({ kind }) => kind)).size).toBe(KINDS.length);
    expect(KINDS.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['rest', 'graphql', 'webhook', 'source']));
    for (const adapter of KINDS) expect(kindOf(adapter.kind)).toBe(adapter);
    expect(kindOf('constructor')).toBeUndefined();
  });

  it.each(KINDS.map((adapter) => [adapter.kind, adapter] as const))('%s can be shown as JSON', (_kind, adapter) => {
    const shown: unknown = JSON.parse(JSON.stringify({ config: adapter.config, credentials: adapter.credentials }));
    expect(shown).toMatchObject({ config: { type: 'object', additionalProperties: false } });
    expect(adapter.docs).toBe(`kinds/${adapter.kind}.md`);
  });

  it('a source takes no configuration and no delivery', () => {
    const source = kindOf('source');
    expect(source?.delivers).toBe(false);
    expect(source?.check(undefined, undefined, { expressions: createFakeExpressions() })).toEqual([]);
    expect(source?.check({ url: 'x' }, {}, { expressions: createFakeExpressions() })).toMatchObject([
      { path: '/config/url' },
      { path: '/credentials/type' },
    ]);
  });
});
