import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextMask, maskText } from './mask-text.ts';
import { redactHeaders } from './redact-headers.ts';
import { redactJson } from './redact-json.ts';

it('redacts headers by name in any case and keeps the others', () => {
  expect(redactHeaders({ Authorization: 'Bearer x', Accept: '*/*' }, ['authorization', 'X-Sig'])).toEqual({
    Authorization: '[redacted]',
    Accept: '*/*',
  });
});

describe('redactJson', () => {
  const value = { password: 'a', list: [{ Token: 'b', n: 1 }, null], deep: { 'a/b': 'c', token: { x: 1 } } };

  it('redacts named fields anywhere, in any case, whatever they hold', () => {
    expect(redactJson(value, ['token', 'PASSWORD'])).toEqual({
      password: '[redacted]',
      list: [{ Token: '[redacted]', n: 1 }, null],
      deep: { 'a/b': 'c', token: '[redacted]' },
    });
  });

  it('redacts single places by JSON Pointer', () => {
    expect(redactJson(value, ['/deep/a~1b', '/list/*/n', '/none'])).toEqual({
      password: 'a',
      list: [{ Token: 'b', n: '[redacted]' }, null],
      deep: { 'a/b': '[redacted]', token: { x: 1 } },
    });
  });

  it('leaves its argument alone and copies everything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const before = structuredClone(json);
        const copied = redactJson(json, ['a name that no field has']);
        expect(JSON.stringify(copied)).toBe(JSON.stringify(json));
        expect(json).toEqual(before);
      }),
    );
  });

  it('does not follow nesting without end', () => {
    let nested: unknown = 'secret';
    for (let level = 0; level < 20_000; level++) nested = { nested };
    expect(() => redactJson(nested, ['x'])).not.toThrow();
  });
});

describe('maskText', () => {
  it('masks a secret as it is, URL-encoded, JSON-escaped and in base64', () => {
    const secret = 'pa"ss wörd/1+';
    const base64 = Buffer.from(secret).toString('base64');
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), base64, base64.replace(/=+$/, '')])
      expect(maskText(`before ${form} after`, [secret])).toMatch(/^before \[redacted\]=* after$/);
  });

  it('masks the longer of two secrets as a whole', () => {
    expect(maskText('tokentoken-2', ['token', 'token-2'])).toBe('[redacted][redacted]');
  });

  it('leaves no secret of a sensible length in any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 4 }), fc.string(), (before, secret, after) => {
        fc.pre(!'[redacted]'.includes(secret));
        const masked = maskText(before + secret + after, [secret]);
        expect(masked.split('[redacted]').every((part) => !part.includes(secret))).toBe(true);
      }),
    );
  });

  it('leaves texts alone when there is nothing to hide', () => {
    expect(createTextMask(['', 'abc'])('abc')).toBe('abc');
  });
});
