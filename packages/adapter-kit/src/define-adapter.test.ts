import { isHubError } from '@nave/core';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import type { AdapterContext, ValidateContext } from './adapter.ts';
import { defineAdapter } from './define-adapter.ts';
import { secretString } from './secrets.ts';

const closed = { additionalProperties: false };
const base = {
  title: 'T',
  family: 'other',
  summary: 'S',
  operations: [],
  events: [],
  verify: [],
  defaults: {},
  docs: 'kinds/x.md',
} as const;
const kinds = [
  defineAdapter({ ...base, kind: 'plain', config: Type.Object({}, closed), credentials: Type.Object({}, closed) }),
  defineAdapter({
    ...base,
    kind: 'typed',
    config: Type.Object({ url: Type.String() }, closed),
    credentials: Type.Union([
      Type.Object({ type: Type.Literal('none') }, closed),
      Type.Object({ type: Type.Literal('bearer'), token: secretString() }, closed),
    ]),
    operationsOf: ({ url }) => [{ name: url, title: url, input: {}, idempotent: 'always' }],
    validate: ({ url }, credentials) => (url === 'bad' ? [{ path: '/config/url', message: credentials.type }] : []),
    deliver: {
      open: ({ url }, { credentials }) => ({
        send: async () => ({ kind: 'ok', status: null, detail: credentials.type === 'bearer' ? credentials.token : url, sent: true }),
        probe: async () => ({ ok: true, detail: url, checks: [] }),
        close: async () => {},
      }),
    },
  }),
];
const validate: ValidateContext = {
  expressions: {
    compile: () => {
      throw new Error('not used');
    },
    close: async () => {},
  },
};
function contextWith(credentials: unknown): AdapterContext<unknown> {
  const unused = async (): Promise<never> => {
    throw new Error('not used');
  };
  const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
  return {
    spoke: 's',
    credentials,
    policy: {
      concurrency: 1,
      timeoutMs: 1,
      rate: null,
      retry: { attempts: 1, baseMs: 1, maxMs: 1, factor: 1, jitter: false },
      breaker: { failures: 1, cooldownMs: 1 },
      retryBudget: { ratio: 1, perMinute: 1 },
      operations: {},
    },
    logger,
    clock: { now: () => 0 },
    expressions: validate.expressions,
    http: { exchange: unused, close: async () => {} },
    tokens: { get: unused, drop() {} },
  };
}

describe('defineAdapter', () => {
  const [plain, typed] = kinds;

  it('checks both schemas before the kind itself', () => {
    expect(typed?.check({ url: 1 }, { type: 'bearer' }, validate)).toEqual([
      { path: '/config/url', message: 'expected text' },
      { path: '/credentials/token', message: 'required, expected text of 1 to 65536 characters' },
    ]);
    expect(typed?.check({ url: 'bad' }, undefined, validate)).toEqual([{ path: '/config/url', message: 'none' }]);
    expect(typed?.check({ url: 'good' }, null, validate)).toEqual([]);
    expect(plain?.check(undefined, undefined, validate)).toEqual([]);
  });

  it('derives the operations of a spoke', () => {
    expect(typed?.operationsOf({ url: 'x' })).toMatchObject([{ name: 'x' }]);
    expect(typed?.operationsOf({ url: 5 })).toEqual([]);
  });

  it('opens only what fits', async () => {
    const connection = await typed?.open({ url: 'x' }, contextWith({ type: 'none' }));
    expect(await connection?.probe(new AbortController().signal)).toMatchObject({ ok: true });
    await expect(typed?.open({}, contextWith(undefined))).rejects.toSatisfy(
      (error) => isHubError(error) && error.code === 'request.invalid' && error.errors.length === 1,
    );
    await expect(plain?.open({}, contextWith(undefined))).rejects.toSatisfy(isHubError);
    expect(plain?.delivers).toBe(false);
  });
});
