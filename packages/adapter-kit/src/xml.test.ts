import { describe, expect, it } from 'vitest';
import { parseXml, stringifyXml } from './xml.ts';

describe('XML', () => {
  it('writes what it reads', () => {
    const data = { 'o:order': { '@id': '7 "q"', line: ['a < b', 'c & d'], note: { '@x': '1', '#text': 't' }, empty: '' } };
    expect(parseXml(stringifyXml(data))).toEqual({ ok: true, data });
  });

  it('allows an HTML document type inside CDATA and comments', () => {
    expect(parseXml('<a><!-- <!DOCTYPE x> --><![CDATA[<!DOCTYPE html>]]></a>').ok).toBe(true);
  });

  it('does not expand entities it does not know', () => {
    expect(parseXml('<a b="&quot;&#x10D;">&nbsp;&bomb;&amp;lt;&#269;&#0;<![CDATA[&lt;]]></a>')).toEqual({
      ok: true,
      data: { a: { '@b': '"č', '#text': '&nbsp;&bomb;&lt;č&#0;&lt;' } },
    });
  });
});
