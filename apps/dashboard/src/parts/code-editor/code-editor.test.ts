import { StringStream } from '@codemirror/language';
import { Text } from '@codemirror/state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionCompletions, writtenAt } from './jsonata-completion.ts';
import { jsonataStream } from './jsonata-stream.ts';
import { problemRange } from './problem-range.ts';
import { xmlStream } from './xml-stream.ts';

interface Reader<S> {
  startState: () => S;
  token: (stream: StringStream, state: S) => string | null;
}

/** What stands out, as `style:text`, over several lines. */
function inks<S>(reader: Reader<S>, text: string): string[] {
  const state = reader.startState();
  return text.split('\n').flatMap((line) => {
    const stream = new StringStream(line, 2, 2);
    const found: string[] = [];
    while (!stream.eol()) {
      stream.start = stream.pos;
      const style = reader.token(stream, state);
      if (stream.pos === stream.start) throw new Error(`stuck at ${stream.pos} of ${line}`);
      if (style !== null) found.push(`${style}:${stream.current()}`);
    }
    return found;
  });
}

describe('JSONata in colours', () => {
  it('tells names, variables, functions, texts and numbers apart', () => {
    expect(inks(jsonataStream, '$sum(a.`b c`) & "x" = $y + 1.5e3')).toEqual([
      'variableName.function:$sum',
      'bracket:(',
      'propertyName:a',
      'operator:.',
      'propertyName:`b c`',
      'bracket:)',
      'operator:&',
      'string:"x"',
      'operator:=',
      'variableName:$y',
      'operator:+',
      'number:1.5e3',
    ]);
  });

  it('keeps comments and texts over lines', () => {
    expect(inks(jsonataStream, "/* a\nb */ 'x\ny' and true")).toEqual([
      'comment:/* a',
      'comment:b */',
      "string:'x",
      "string:y'",
      'keyword:and',
      'bool:true',
    ]);
  });

  it('tells a division from a regular expression', () => {
    expect(inks(jsonataStream, 'a / b / c')).toEqual(['propertyName:a', 'operator:/', 'propertyName:b', 'operator:/', 'propertyName:c']);
    expect(inks(jsonataStream, '$match(a, /x\\/y/i)')).toContain('regexp:/x\\/y/i');
  });
});

describe('XML in colours', () => {
  it('tells tags, attributes, texts and comments apart', () => {
    expect(inks(xmlStream, '<?xml v?><a b="c\nd"><!-- n\n --> t &amp; </a>')).toEqual([
      'meta:<?xml v?>',
      'tagName:<a',
      'attributeName:b',
      'operator:=',
      'attributeValue:"c',
      'attributeValue:d"',
      'tagName:>',
      'comment:<!-- n',
      'comment: -->',
      'character:&amp;',
      'tagName:</a',
      'tagName:>',
    ]);
  });
});

describe('both', () => {
  it('get on with any text', () => {
    const text = fc.string({
      unit: fc.constantFrom('<', '>', '"', "'", '`', '/', '*', '\\', '$', 'a', '1', ' ', '\n', '&', '(', '!', '-', '?', 'ž', '😀'),
    });
    fc.assert(
      fc.property(text, (each) => {
        inks(jsonataStream, each);
        inks(xmlStream, each);
      }),
    );
  });
});

describe('writtenAt', () => {
  it.each([
    ['a & $su', { kind: 'variable', text: '$su', from: 4 }],
    ['$', { kind: 'variable', text: '$', from: 0 }],
    ['x + order.li', { kind: 'path', text: 'order.li', from: 4 }],
    ['order.', { kind: 'path', text: 'order.', from: 0 }],
    ['$.a', { kind: 'path', text: '$.a', from: 0 }],
    ['a.`b c', { kind: 'path', text: 'a.`b c', from: 0 }],
    ['a + ', { kind: 'path', text: '', from: 4 }],
  ])('%s', (before, written) => {
    expect(writtenAt(before)).toEqual(written);
  });

  it('offers nothing inside of a text', () => {
    expect(writtenAt('a & "b')).toBeNull();
    expect(writtenAt("a & 'it\\'s")).toBeNull();
    expect(writtenAt('"a" & b')).toMatchObject({ text: 'b' });
  });

  it('knows the functions of JSONata and of the hub', () => {
    const labels = functionCompletions().map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['$sum', '$fromMillis', '$money', '$headers']));
  });
});

describe('problemRange', () => {
  const text = Text.of(['{', '  "a": 1', '}']);

  it('is the line where no place is known', () => {
    expect(problemRange({ line: 2, message: '' }, text)).toEqual({ from: 2, to: 10 });
    expect(problemRange({ message: '' }, text)).toEqual({ from: 0, to: 1 });
  });

  it('is inside of the text, whatever it is told', () => {
    fc.assert(
      fc.property(fc.record({ from: fc.integer(), to: fc.integer(), line: fc.integer() }, { requiredKeys: [] }), (place) => {
        const { from, to } = problemRange({ ...place, message: '' }, text);
        expect(from >= 0 && from <= to && to <= text.length).toBe(true);
      }),
    );
    expect(problemRange({ from: 5, to: 3, message: '' }, Text.of(['']))).toEqual({ from: 0, to: 0 });
  });
});
