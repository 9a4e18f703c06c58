import { describe, expect, it } from 'vitest';
import { hexLines, payloadForm } from './payload-form.ts';

describe('payloadForm', () => {
  it.each([
    ['{"a":1}', 'application/json', 'json'],
    ['{"a":1}', '', 'json'],
    ['{"a":1', 'application/json', 'text'],
    ['[1]', 'application/problem+json; charset=utf-8', 'json'],
    ['<a/>', 'text/xml', 'xml'],
    ['<a/>', '', 'xml'],
    ['<p>hi</p>', 'text/html', 'text'],
    ['a=1&b=2', 'application/x-www-form-urlencoded', 'fields'],
    ['hello', 'text/plain', 'text'],
  ])('%s of type %s is shown as %s', (text, type, kind) => {
    expect(payloadForm({ text }, type).kind).toBe(kind);
  });

  it('decodes forms, the same name twice too', () => {
    expect(payloadForm({ text: 'a=1&b=x+y&a=%3C' }, 'application/x-www-form-urlencoded')).toMatchObject({
      fields: [
        { name: 'a', value: '1' },
        { name: 'b', value: 'x y' },
        { name: 'a', value: '<' },
      ],
    });
  });

  it('reads text that came as bytes, and leaves other bytes alone', () => {
    expect(payloadForm({ base64: btoa('{"a":1}') }, 'application/json')).toMatchObject({ kind: 'json' });
    expect(payloadForm({ base64: '/////w==' }, 'application/json').kind).toBe('binary');
    expect(payloadForm({ base64: btoa('x') }, 'application/pdf')).toMatchObject({ kind: 'binary', bytes: new Uint8Array([120]) });
    expect(payloadForm({ base64: '***' }, 'application/pdf')).toMatchObject({ kind: 'binary', bytes: new Uint8Array() });
    expect(payloadForm({}, '')).toMatchObject({ kind: 'binary' });
  });
});

describe('hexLines', () => {
  it('shows place, bytes and what of them can be read, up to a limit', () => {
    const bytes = new TextEncoder().encode('Nave is ready.\n\u0000more');
    expect(hexLines(bytes, 256)).toBe(
      '0000  4e 61 76 65 20 69 73 20 72 65 61 64 79 2e 0a 00  Nave is ready...\n0010  6d 6f 72 65                                      more',
    );
    expect(hexLines(bytes, 4)).toBe(`0000  4e 61 76 65${' '.repeat(36)}  Nave`);
    expect(hexLines(new Uint8Array(), 256)).toBe('');
  });
});
