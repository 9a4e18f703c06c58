import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCp1250 } from './cp1250.ts';

const codec = await createCp1250();
/** Texts of any code points, lone surrogates included; letters of Latin scripts more often. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x24f }), fc.integer({ min: 0x250, max: 0x10ffff })), { maxLength: 30 })
  .map((codes) => String.fromCodePoint(...codes));

describe('Windows-1250', () => {
  it('has exactly the 251 characters of the code page', () => {
    const characters = Array.from({ length: 0xffff }, (_each, code) => String.fromCharCode(code)).filter((each) => codec.has(each));
    expect(characters).toHaveLength(251);
    expect('ěščřžýáíéúůťďňĚŠČŘŽÝÁÍÉÚŮŤĎŇľĺŕäôĽĹŔÄÔ„“–—…€'.split('').every(codec.has)).toBe(true);
  });

  it('gives back every text it takes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const bytes = codec.encode(text);
        if (bytes === null) expect([...text].every(codec.has)).toBe(false);
        else expect(codec.decode(bytes)).toBe(text);
      }),
    );
  });

  it('never loses a character silently: what is written differently is told, the rest is refused', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const fitted = codec.fit(text, 'transliterate');
        if (!fitted.ok) return;
        const bytes = codec.encode(fitted.text);
        expect(bytes).not.toBeNull();
        expect(codec.decode(bytes ?? Buffer.alloc(0))).toBe(fitted.text);
        if (fitted.text !== text.normalize('NFC')) expect(fitted.changes.length).toBeGreaterThan(0);
      }),
    );
  });

  it('refuses every change where that is wanted', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const fitted = codec.fit(text, 'refuse');
        if (fitted.ok) expect(fitted).toEqual({ ok: true, text: text.normalize('NFC'), changes: [] });
        else expect(codec.encode(text.normalize('NFC'))).toBeNull();
      }),
    );
  });

  it.each([
    ['c\u030cesky\u0301', 'český', 0],
    ['Привет, Київ', 'Privet, Kijiv', 8],
    ['ﬁn Ωmega ½ m²', 'fin Omega 1/2 m2', 4],
    ['a\u200bb', 'ab', 1],
    ['10\u202f000', '10 000', 1],
    ['Søren Ångström', 'Soren Angström', 2],
  ])('writes %j as %j', (text, written, changes) => {
    const fitted = codec.fit(text, 'transliterate');
    expect(fitted).toMatchObject({ ok: true, text: written });
    if (fitted.ok) expect(fitted.changes).toHaveLength(changes);
  });
});
