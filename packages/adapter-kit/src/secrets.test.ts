import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { maskSecrets } from './mask-secrets.ts';
import { mergeSecrets } from './merge-secrets.ts';
import { secretString } from './secrets.ts';
import { joinSecrets, splitSecrets } from './split-secrets.ts';

const closed = { additionalProperties: false };
const Auth = Type.Union([
  Type.Object({ type: Type.Literal('none') }, closed),
  Type.Object({ type: Type.Literal('bearer'), token: secretString() }, closed),
  Type.Object({ type: Type.Literal('basic'), username: Type.String(), password: secretString() }, closed),
  Type.Object({ type: Type.Literal('hooks'), secret: secretString(), previousSecrets: Type.Optional(Type.Array(secretString())) }, closed),
]);
const Schema = Type.Object(
  {
    title: Type.String(),
    auth: Auth,
    verify: Type.Optional(
      Type.Array(
        Type.Object(
          {
            scheme: Type.Literal('hmac'),
            secrets: Type.Array(Type.Object({ secret: secretString(), notAfter: Type.Optional(Type.String()) }, closed)),
          },
          closed,
        ),
      ),
    ),
    headers: Type.Optional(Type.Record(Type.String({ pattern: '^x-' }), secretString(), closed)),
  },
  closed,
);

const secret = fc.string({ minLength: 1, maxLength: 8 }).map((text) => `SECRET-${text}`);
const plain = fc.constantFrom('a', 'b/c', 'd~e', '');
const auth = fc.oneof(
  fc.record({ type: fc.constant('none') }),
  fc.record({ type: fc.constant('bearer'), token: secret }),
  fc.record({ type: fc.constant('basic'), username: plain, password: secret }),
  fc.record({ type: fc.constant('hooks'), secret, previousSecrets: fc.array(secret, { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: fc.constant('hooks'), secret }),
);
const value = fc.record(
  {
    title: plain,
    auth,
    verify: fc.array(
      fc.record({
        scheme: fc.constant('hmac'),
        secrets: fc.array(fc.record({ secret, notAfter: plain }, { requiredKeys: ['secret'] }), { maxLength: 4 }),
      }),
      { maxLength: 2 },
    ),
    headers: fc.dictionary(fc.constantFrom('x-a', 'x-/b', 'x-~c'), secret, { noNullPrototype: true }),
  },
  { requiredKeys: ['title', 'auth'], noNullPrototype: true },
);

describe('secrets of a value', () => {
  it('a masked value holds no secret', () => {
    fc.assert(
      fc.property(value, (each) => {
        expect(JSON.stringify(maskSecrets(Schema, each))).not.toContain('SECRET-');
      }),
    );
  });

  it('the open part holds no secret and joining gives the value back', () => {
    fc.assert(
      fc.property(value, (each) => {
        const { open, secrets } = splitSecrets(Schema, each);
        expect(JSON.stringify(open)).not.toContain('SECRET-');
        // An empty list of secrets has nothing to seal; it is not distinguished from an absent one.
        expect(joinSecrets(open, secrets)).toEqual(each);
      }),
    );
  });

  it('PUT of what GET answered changes nothing', () => {
    fc.assert(
      fc.property(value, (each) => {
        expect(mergeSecrets(Schema, maskSecrets(Schema, each), each)).toEqual(each);
      }),
    );
  });

  it('PUT of the value itself changes nothing, whatever is stored', () => {
    fc.assert(
      fc.property(value, value, (each, stored) => {
        const merged = mergeSecrets(Schema, each, stored);
        expect(mergeSecrets(Schema, maskSecrets(Schema, merged), merged)).toEqual(merged);
        expect(mergeSecrets(Schema, each, undefined)).toEqual(each);
      }),
    );
  });

  it('no secret of another type survives a change of type', () => {
    fc.assert(
      fc.property(auth, auth, (incoming, stored) => {
        fc.pre(incoming.type !== stored.type);
        expect(mergeSecrets(Auth, { type: incoming.type, set: true }, stored)).not.toHaveProperty('secret');
        expect(JSON.stringify(mergeSecrets(Auth, { type: incoming.type, set: true }, stored))).not.toContain('SECRET-');
      }),
    );
  });

  it('masks also what does not fit the schema', () => {
    expect(maskSecrets(Auth, { type: 'unknown', token: 'T', password: { deep: 'P' }, username: 'u' })).toEqual({
      type: 'unknown',
      username: 'u',
      set: true,
    });
    expect(maskSecrets(Auth, { token: 'T' })).toEqual({ set: true });
    expect(maskSecrets(Auth, null)).toBe(null);
  });
});

describe('mergeSecrets', () => {
  const stored = { type: 'basic', username: 'ann', password: 'P' };

  it('keeps a secret that is left out or said to be set', () => {
    expect(mergeSecrets(Auth, { type: 'basic', username: 'bob' }, stored)).toEqual({ type: 'basic', username: 'bob', password: 'P' });
    expect(mergeSecrets(Auth, { type: 'basic', username: 'bob', set: true }, stored)).toEqual({
      type: 'basic',
      username: 'bob',
      password: 'P',
    });
    expect(mergeSecrets(Auth, { type: 'basic', username: 'bob', password: { set: true } }, stored)).toEqual({
      type: 'basic',
      username: 'bob',
      password: 'P',
    });
    expect(mergeSecrets(Auth, undefined, stored)).toBe(stored);
  });

  it('removes on null and replaces on text', () => {
    expect(mergeSecrets(Auth, { type: 'basic', username: 'ann', password: null }, stored)).toEqual({ type: 'basic', username: 'ann' });
    expect(mergeSecrets(Auth, { type: 'basic', username: 'ann', password: 'Q' }, stored)).toEqual({
      type: 'basic',
      username: 'ann',
      password: 'Q',
    });
    expect(mergeSecrets(Auth, null, stored)).toBe(null);
  });

  it('leaves a flag alone where there is no secret, so that it is reported', () => {
    expect(mergeSecrets(Auth, { type: 'none', set: true }, { type: 'none' })).toEqual({ type: 'none', set: true });
  });

  it('follows the items of a list when one is taken out', () => {
    const verify = [{ scheme: 'hmac', secrets: [{ secret: 'A', notAfter: '1' }, { secret: 'B', notAfter: '2' }, { secret: 'C' }] }];
    const merged = mergeSecrets(
      Schema,
      { title: '', auth: { type: 'none' }, verify: [{ scheme: 'hmac', secrets: [{ notAfter: '2', set: true }, { set: true }] }] },
      { title: '', auth: { type: 'none' }, verify },
    );
    expect(merged).toMatchObject({ verify: [{ secrets: [{ secret: 'B', notAfter: '2' }, { secret: 'C' }] }] });
  });

  it('does not guess between items that look alike when one is taken out', () => {
    const secrets = [{ secret: 'A' }, { secret: 'B' }];
    const base = { title: '', auth: { type: 'none' } };
    const merged = mergeSecrets(
      Schema,
      { ...base, verify: [{ scheme: 'hmac', secrets: [{ set: true }] }] },
      { ...base, verify: [{ scheme: 'hmac', secrets }] },
    );
    expect(merged).toMatchObject({ verify: [{ secrets: [{}] }] });
    expect(JSON.stringify(merged)).not.toContain('"A"');
  });

  it('rotates: a new secret first, the old one kept by its open fields', () => {
    const base = { title: '', auth: { type: 'none' } };
    const merged = mergeSecrets(
      Schema,
      { ...base, verify: [{ scheme: 'hmac', secrets: [{ secret: 'NEW' }, { notAfter: '1', set: true }] }] },
      { ...base, verify: [{ scheme: 'hmac', secrets: [{ secret: 'OLD', notAfter: '1' }] }] },
    );
    expect(merged).toMatchObject({ verify: [{ secrets: [{ secret: 'NEW' }, { secret: 'OLD', notAfter: '1' }] }] });
  });
});
