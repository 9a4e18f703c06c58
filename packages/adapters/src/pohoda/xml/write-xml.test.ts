import { parseXml } from '@nave/adapter-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeXml, xmlNodeOf } from './write-xml.ts';

/** Texts of any code points, lone surrogates included; letters of Latin scripts more often. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x24f }), fc.integer({ min: 0x250, max: 0x10ffff })), { maxLength: 30 })
  .map((codes) => String.fromCodePoint(...codes));
const asIs = (text: string) => ({ ok: true as const, text });
// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML does not allow
const writable = (text: string) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text) && text.isWellFormed();
const texts = anyText.filter(writable);

describe('writing XML', () => {
  it('keeps every text and attribute as it is, and none becomes markup', () => {
    fc.assert(
      fc.property(texts, texts, (text, attribute) => {
        const written = writeXml('a:b', { '@x': `.${attribute}.`, 'c:d': [{ '#text': `.${text}.` }] }, asIs);
        expect(written).toMatchObject({ ok: true });
        if (!written.ok) return;
        const parsed = parseXml(written.xml);
        expect(parsed.ok).toBe(true);
        const element: unknown = parsed.ok ? Reflect.get(Object(parsed.data), 'a:b') : undefined;
        const inner: unknown = Reflect.get(Object(element), 'c:d');
        expect(inner).toBe(`.${text}.`);
        expect(Reflect.get(Object(element), '@x')).toBe(`.${attribute}.`);
        expect(Object.keys(Object(element)).filter((key) => key !== '@x')).toEqual(['c:d']);
      }),
    );
  });

  it('refuses names that are none, whatever they are', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        const written = writeXml('a', { [name]: 'x' }, asIs);
        if (name === '#text' || /^@?(?:[A-Za-z][A-Za-z0-9]{0,30}:)?[A-Za-z_][A-Za-z0-9_.-]{0,120}$/.test(name))
          expect(written.ok).toBe(true);
        else expect(written.ok).toBe(false);
      }),
    );
  });

  it.each([['a\u0000'], ['a\u001b'], ['a\uffff']])('refuses the control character in %j', (text) => {
    expect(writeXml('a', text, asIs)).toMatchObject({ ok: false });
  });

  it('takes data of any JSON, and nothing that is none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(xmlNodeOf(value)).not.toBeNull();
      }),
    );
    expect(xmlNodeOf({ a: () => 1 })).toBeNull();
    expect(xmlNodeOf({ a: 1.5, b: true, c: null, d: [1, 'x'] })).toEqual({ a: '1.5', b: 'true', c: '', d: ['1', 'x'] });
  });

  it('stops at a depth', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 100; level++) deep = { a: deep };
    expect(xmlNodeOf(deep)).toBeNull();
  });
});
