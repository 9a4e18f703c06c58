import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBody } from './parse-body.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (text: string) => parseBody('application/json', bytes(text));

describe('parseBody', () => {
  it.each([
    ['application/json', '{"a":[1,{"b":null}]}', 'json', { a: [1, { b: null }] }],
    ['application/vnd.api+json; charset=utf-8', '\ufeff{"a":1}', 'json', { a: 1 }],
    ['APPLICATION/JSON', '"x"', 'json', 'x'],
    ['text/plain', 'hello', 'text', 'hello'],
    ['application/octet-stream', 'x', 'binary', null],
    [undefined, '{"a":1}', 'binary', null],
    ['application/x-www-form-urlencoded', 'a=1&b=x+y&a=%C4%8D&c', 'form', { a: ['1', 'č'], b: 'x y', c: '' }],
    [
      'application/xml',
      '<o id="7"><l>1</l><l>2</l><n a="b">t &lt;&#269;</n><e/></o>',
      'xml',
      { o: { '@id': '7', l: ['1', '2'], n: { '@a': 'b', '#text': 't <č' }, e: '' } },
    ],
  ])('reads %s', (type, text, kind, data) => {
    expect(parseBody(type, bytes(text))).toEqual({ ok: true, kind, data });
  });

  it.each([
    ['application/json', bytes('{"a":'), /not valid JSON/],
    ['application/json', bytes(''), /empty/],
    ['application/json', bytes('{"secret-thing": x}'), /position \d+$|not valid JSON$/],
    ['application/json', new Uint8Array([0x22, 0xff, 0x22]), /UTF-8/],
    ['application/x-www-form-urlencoded', new Uint8Array([0xff]), /UTF-8/],
    ['text/plain', new Uint8Array([0xc3, 0x28]), /UTF-8/],
    ['text/plain; charset=klingon', bytes('x'), /charset/],
    ['application/xml', bytes('<a><b></a>'), /well-formed/],
    ['application/xml', bytes('no xml'), /well-formed/],
    ['application/xml', bytes('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), /document type/],
    ['application/xml', bytes('<a><!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;</a>'), /document type/],
    ['application/xml', bytes(`${'<a>'.repeat(200)}${'</a>'.repeat(200)}`), /deeper than 128/],
  ])('refuses %s (case %#) with a reason that quotes nothing', (type, body, reason) => {
    const result = parseBody(type, body);
    expect(result).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    expect(JSON.stringify(result)).not.toContain('secret-thing');
  });

  it('reads 128 levels of JSON and refuses 129 and 100,000', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(json(nested(128)).ok).toBe(true);
    expect(json(nested(129))).toEqual({ ok: false, reason: 'JSON nested deeper than 128 levels' });
    expect(json(nested(100_000)).ok).toBe(false);
    expect(json('['.repeat(100_000)).ok).toBe(false);
    expect(json(`{"a":"${'['.repeat(1_000)}\\"${'{'.repeat(500)}"}`).ok).toBe(true);
  });

  it.each([
    ['application/json', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'],
    ['application/x-www-form-urlencoded', '__proto__=1&constructor=2&__proto__=3'],
    ['application/xml', '<a><__proto__><polluted>1</polluted></__proto__><constructor>1</constructor><toString>x</toString></a>'],
  ])('is not polluted by %s', (type, text) => {
    parseBody(type, bytes(text));
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(typeof {}.toString).toBe('function');
  });

  it('keeps odd keys of JSON as own properties', () => {
    const result = json('{"__proto__":{"x":1}}');
    expect(result.ok && JSON.stringify(result.data)).toBe('{"__proto__":{"x":1}}');
  });

  it('decodes XML in the encoding it declares', () => {
    const text = Buffer.from('<?xml version="1.0" encoding="Windows-1250"?><a>\u00e8</a>', 'latin1');
    expect(parseBody('text/xml', text)).toEqual({ ok: true, kind: 'xml', data: { a: 'č' } });
  });

  it('keeps XML text as text', () => {
    expect(parseBody('text/xml', bytes('<a n="007">12345678901234567890</a>'))).toMatchObject({
      data: { a: { '@n': '007', '#text': '12345678901234567890' } },
    });
  });

  it('reads any JSON value that is not too deep, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const result = json(JSON.stringify(value));
        expect(result.ok && JSON.stringify(result.data)).toBe(JSON.stringify(value));
      }),
    );
    const types = fc.constantFrom(
      'application/json',
      'application/xml',
      'text/plain',
      'application/x-www-form-urlencoded',
      'image/png',
      '',
    );
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 200 }), (type, body) => {
        expect(parseBody(type, body)).toHaveProperty('ok');
      }),
    );
    fc.assert(
      fc.property(
        types,
        fc.string({ unit: fc.constantFrom('<', '>', '!', '[', '-', 'a', '"', '&', ';', '/', '?', '=', ' ') }),
        (type, text) => {
          expect(parseBody(type, bytes(text))).toHaveProperty('ok');
        },
      ),
    );
  });
});
