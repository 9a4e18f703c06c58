import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeXmlBytes } from './decode-xml-bytes.ts';
import { readXml } from './read-xml.ts';
import { writeXml } from './write-xml.ts';
import { element, textOf } from './xml-element.ts';

describe('reading XML', () => {
  it.each([
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'document type'],
    ['a billion laughs', '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;">]><a>&m;</a>', 'document type'],
    ['a DTD elsewhere', '<!DOCTYPE a SYSTEM "http://evil.test/a.dtd"><a/>', 'document type'],
    ['an unknown entity', '<a>&nbsp;</a>', 'not well-formed'],
    ['a prefix nobody declared', '<p:a/>', 'not well-formed'],
    ['an attribute twice', '<a b="1" b="2"/>', 'not well-formed'],
    ['two roots', '<a/><b/>', 'not well-formed'],
    ['text behind the root', '<a/>x', 'not well-formed'],
    ['a cut document', '<a><b>', 'not well-formed'],
    ['nothing', '', 'not well-formed'],
    ['a control character', '<a>\u0001</a>', 'not well-formed'],
    ['depth', '<a>'.repeat(200), 'nested deeper than 128'],
  ])('refuses %s without quoting it', (_what, text, reason) => {
    const read = readXml(text);
    expect(read).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(read)).not.toContain('evil');
  });

  it('stops at too many nodes', () => {
    expect(readXml(`<a>${'<b/>'.repeat(50)}</a>`, { nodesMax: 40 })).toMatchObject({ ok: false, reason: 'XML of more than 40 nodes' });
  });

  it('never throws, whatever it is given', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<b x="',
      '">',
      '&amp;',
      '&#',
      'xmlns:p="u"',
      '<![CDATA[',
      ']]>',
      '<!--',
      '<?xml',
      '\ud800',
      '<p:q/>',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 20 }), (parts) => typeof readXml(parts.join('')).ok === 'boolean'),
    );
  });

  it('reads back every text and attribute that was written', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((each) => !/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(each));
    fc.assert(
      fc.property(text, text, (content, value) => {
        const read = readXml(writeXml(element('{urn:a}b', [content], { c: value, '{urn:d}e': value })));
        expect(read).toMatchObject({ ok: true, root: { ns: 'urn:a', local: 'b', attributes: [{ value }, { ns: 'urn:d', value }] } });
        expect(read.ok && textOf(read.root)).toBe(content);
      }),
    );
  });
});

describe('decoding XML bytes', () => {
  it.each([
    [Buffer.from('\ufeff<a>ž</a>', 'utf16le'), undefined],
    [Buffer.from('<a>ž</a>'), 'text/xml'],
    [Buffer.from([...Buffer.from('<?xml version="1.0" encoding="windows-1250"?><a>'), 0x9e, ...Buffer.from('</a>')]), 'text/xml'],
    [Buffer.from([...Buffer.from('<a>'), 0xbe, ...Buffer.from('</a>')]), 'text/xml; charset=iso-8859-2'],
  ])('knows the charset %#', (bytes, contentType) => {
    const decoded = decodeXmlBytes(bytes, contentType);
    expect(decoded).toMatchObject({ ok: true, text: expect.stringContaining('<a>ž</a>') });
  });

  it('refuses bytes that are not of their charset', () => {
    expect(decodeXmlBytes(Buffer.from([0x3c, 0xff]))).toMatchObject({ ok: false });
    expect(decodeXmlBytes(Buffer.from('<a/>'), 'text/xml; charset=klingon')).toMatchObject({ ok: false });
  });
});
