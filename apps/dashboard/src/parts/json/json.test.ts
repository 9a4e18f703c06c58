import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonataPath, jsonPathAt, jsonPointer } from './json-path.ts';
import { prettyJson } from './pretty-json.ts';
import { prettyXml } from './pretty-xml.ts';

describe('prettyJson', () => {
  it('writes any JSON as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('changes no number and no text', () => {
    expect(prettyJson('{"id":12345678901234567890,"e":1e400,"u":"\\u00e9\\/","a":1,"a":2}')).toBe(
      '{\n  "id": 12345678901234567890,\n  "e": 1e400,\n  "u": "\\u00e9\\/",\n  "a": 1,\n  "a": 2\n}',
    );
  });

  it('sorts fields when asked, by their names and at every level', () => {
    expect(prettyJson('{"b":{"d":1,"c":2},"\\u0061":3}', { sortKeys: true })).toBe(
      '{\n  "\\u0061": 3,\n  "b": {\n    "c": 2,\n    "d": 1\n  }\n}',
    );
  });

  it('says so when it is no JSON, or too deep', () => {
    expect(prettyJson('{"a":')).toBeNull();
    expect(prettyJson('')).toBeNull();
    expect(prettyJson('['.repeat(5_000) + ']'.repeat(5_000))).toBeNull();
  });
});

describe('jsonPathAt', () => {
  it('names the value under the cursor, for every value of any document', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(marked(value, { count: 0 }), null, 2);
        for (const match of text.matchAll(/"#\d+"/g)) {
          const path = jsonPathAt(text, match.index + 1);
          const found = path.reduce<unknown>(
            (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
            JSON.parse(text),
          );
          expect(found).toBe(match[0].slice(1, -1));
        }
      }),
    );
  });

  it('means the field when the cursor is on its name, at its value or at the end of its line', () => {
    const text = '{\n  "a": {\n    "b": [1, true]\n  },\n  "c": null\n}';
    const at = (part: string, plus = 0) => jsonPathAt(text, text.indexOf(part) + plus);
    expect(at('"b"', 1)).toEqual(['a', 'b']);
    expect(at('true', 2)).toEqual(['a', 'b', 1]);
    expect(at('null', 4)).toEqual(['c']);
    expect(at('"c"', 0)).toEqual(['c']);
  });

  it('answers something for any text and any place', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', 'a', '\\', ' ', '1', '\n') }),
        fc.nat(40),
        (text, offset) => {
          expect(Array.isArray(jsonPathAt(text, offset))).toBe(true);
        },
      ),
    );
  });
});

describe('how paths are written', () => {
  it('in JSONata, with backticks where a name needs them', () => {
    expect(jsonataPath(['order', 'lines', 0, 'sku'])).toBe('order.lines[0].sku');
    expect(jsonataPath(['no te', 'and', 'žluť'])).toBe('`no te`.`and`.žluť');
    expect(jsonataPath([1, 'a'])).toBe('$[1].a');
    expect(jsonataPath([])).toBe('$');
  });

  it('as a JSON pointer, escaped', () => {
    expect(jsonPointer(['a/b', 0, 'm~n'])).toBe('/a~1b/0/m~0n');
    expect(jsonPointer([])).toBe('');
  });
});

describe('prettyXml', () => {
  it('indents elements and keeps their text', () => {
    expect(prettyXml('<?xml version="1.0"?><a x="1>2"><b> t </b><c><d/></c><!-- n --><e></e></a>')).toBe(
      '<?xml version="1.0"?>\n<a x="1>2">\n  <b> t </b>\n  <c>\n    <d/>\n  </c>\n  <!-- n -->\n  <e></e>\n</a>',
    );
  });

  it('loses nothing but space, whatever the text', () => {
    const part = fc.constantFrom(
      '<a>',
      '</a>',
      '<b c="d">',
      '</b>',
      '<e/>',
      'text',
      '<!-- x -->',
      '<![CDATA[ <y> ]]>',
      '&amp;',
      '<',
      '>',
      '"',
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        expect(prettyXml(text).replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
      }),
    );
  });
});

/** Every scalar becomes a text of its own, so that it can be found again. */
function marked(value: unknown, seen: { count: number }): unknown {
  if (Array.isArray(value)) return value.map((item) => marked(item, seen));
  if (typeof value === 'object' && value !== null) {
    const named = Object.entries(value).filter(([name]) => name !== '__proto__' && !name.includes('#'));
    return Object.fromEntries(named.map(([name, field]) => [name, marked(field, seen)]));
  }
  return `#${seen.count++}`;
}
