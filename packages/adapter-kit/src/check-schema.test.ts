import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { checkSchema, EXPECTED_MARK } from './check-schema.ts';
import { secretString } from './secrets.ts';

const closed = { additionalProperties: false };
const Credentials = Type.Union([
  Type.Object({ type: Type.Literal('none') }, closed),
  Type.Object({ type: Type.Literal('bearer'), token: secretString() }, closed),
  Type.Object({ type: Type.Literal('basic'), username: Type.String({ minLength: 1 }), password: secretString() }, closed),
]);
const Config = Type.Object(
  {
    baseUrl: Type.String({ pattern: '^https?://', [EXPECTED_MARK]: 'an http or https URL' }),
    operations: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-z]+$' }),
        Type.Object(
          {
            method: Type.Union([Type.Literal('GET'), Type.Literal('POST')]),
            retryOn: Type.Optional(Type.Array(Type.Integer({ minimum: 100, maximum: 599 }))),
          },
          closed,
        ),
        closed,
      ),
    ),
    tags: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    auth: Type.Optional(Credentials),
  },
  closed,
);

describe('checkSchema', () => {
  it('finds nothing wrong with a value that fits', () => {
    expect(checkSchema(Config, { baseUrl: 'http://x', operations: { a: { method: 'GET' } }, tags: ['x'] })).toEqual([]);
  });

  it('gives all problems at once, with pointers and what was expected', () => {
    const value = {
      baseUrl: 'ftp://x',
      operations: { a: { method: 'PUT', bogus: 1, retryOn: [200, 'x', 42] }, 'B/1': {} },
      tags: 5,
      'mo~re': 1,
    };
    expect(new Map(checkSchema(Config, value, '/config').map(({ path, message }) => [path, message]))).toEqual(
      new Map([
        ['/config/baseUrl', 'expected an http or https URL'],
        ['/config/operations/a/method', 'expected one of "GET", "POST"'],
        ['/config/operations/a/bogus', 'unknown field, expected one of method, retryOn'],
        ['/config/operations/a/retryOn/1', 'expected a whole number of 100 to 599'],
        ['/config/operations/a/retryOn/2', 'expected a whole number of 100 to 599'],
        ['/config/operations/B~11', 'expected a name that matches ^[a-z]+$'],
        ['/config/tags', 'expected text or a list'],
        ['/config/mo~0re', 'unknown field, expected one of baseUrl, operations, tags, auth'],
      ]),
    );
  });

  it('says that a list may name a thing only once', () => {
    const schema = Type.Object({ types: Type.Array(Type.String(), { maxItems: 3, uniqueItems: true }) }, closed);
    expect(checkSchema(schema, { types: ['a', 'a'] })).toEqual([
      { path: '/types', message: 'expected a list of at most 3 items, each of them once' },
    ]);
  });

  it('reports more than a handful of problems', () => {
    const value = { baseUrl: 'http://x', ...Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`extra${n}`, 1])) };
    expect(checkSchema(Config, value)).toHaveLength(40);
  });

  it('speaks only of the branch that the type names', () => {
    expect(checkSchema(Credentials, { type: 'basic', token: 'x' }, '/credentials')).toEqual([
      { path: '/credentials/token', message: 'unknown field, expected one of type, username, password' },
      { path: '/credentials/username', message: 'required, expected text of at least 1 characters' },
      { path: '/credentials/password', message: 'required, expected text of 1 to 65536 characters' },
    ]);
  });

  it('lists the types when none or an unknown one is given', () => {
    expect(checkSchema(Credentials, {})).toEqual([{ path: '/type', message: 'required, expected one of "none", "bearer", "basic"' }]);
    expect(checkSchema(Credentials, { type: 'x', token: 1 })).toEqual([
      { path: '/type', message: 'expected one of "none", "bearer", "basic"' },
    ]);
    expect(checkSchema(Config, { baseUrl: 'http://x', auth: 'bearer' })).toEqual([{ path: '/auth', message: 'expected an object' }]);
  });

  it.each([[null], [5], ['x'], [[]], [true]])('names the missing shape for %j', (value) => {
    expect(checkSchema(Config, value, '/config')).toEqual([{ path: '/config', message: 'expected an object' }]);
  });

  it('never quotes a value, which may be a secret', () => {
    const problems = checkSchema(Credentials, { type: 'bearer', token: ['s3cr3t-value'] });
    expect(JSON.stringify(problems)).not.toContain('s3cr3t-value');
    expect(problems[0]?.path).toBe('/token');
  });
});
