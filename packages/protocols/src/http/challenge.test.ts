import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';

const read = (header: string) => parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe('WWW-Authenticate', () => {
  it.each([
    ['Basic realm="a, \\"b\\""', [['basic', { realm: 'a, "b"' }]]],
    ['Digest realm="r",nonce=abc , QOP="auth,auth-int"', [['digest', { realm: 'r', nonce: 'abc', qop: 'auth,auth-int' }]]],
    [
      'Negotiate, Bearer error="invalid_token", Digest realm="x", nonce="n=="',
      [
        ['negotiate', {}],
        ['bearer', { error: 'invalid_token' }],
        ['digest', { realm: 'x', nonce: 'n==' }],
      ],
    ],
    [
      'NTLM TlRMTVNTUAAB==, Basic realm=""',
      [
        ['ntlm', {}],
        ['basic', { realm: '' }],
      ],
    ],
    [', ,Basic realm="x",,', [['basic', { realm: 'x' }]]],
    ['Digest realm="a", realm="b"', [['digest', { realm: 'a' }]]],
    ['Digest realm="never ends', [['digest', {}]]],
    ['realm="no scheme"', []],
    ['"', []],
    ['', []],
  ])('%s', (header, challenges) => {
    expect(read(header)).toEqual(challenges);
  });

  it('reads whatever was written, in order', () => {
    const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const parameter = fc.tuple(token, fc.string({ maxLength: 12 }));
    const challenge = fc.tuple(token, fc.uniqueArray(parameter, { minLength: 1, maxLength: 4, selector: ([name]) => name }));
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
        const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
        const header = challenges.map(
          ([scheme, given]) => `${scheme} ${given.map(([name, value]) => `${name}=${quote(value)}`).join(', ')}`,
        );
        expect(read(header.join(', '))).toEqual(challenges.map(([scheme, given]) => [scheme, Object.fromEntries(given)]));
      }),
    );
  });

  it('survives any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void parseChallenges(text)));
    expect(parseChallenges('a=,'.repeat(10_000))).toHaveLength(1);
    expect(parseChallenges(`Digest realm="${'\\\\'.repeat(10_000)}`)).toHaveLength(1);
  });
});
