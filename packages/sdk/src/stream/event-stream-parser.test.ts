import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventStreamParser } from './event-stream-parser.ts';

const all = (...chunks: string[]) => {
  const parser = createEventStreamParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
};

describe('the event stream parser', () => {
  it('reads the examples of the standard', () => {
    expect(all('data: YHOO\ndata: +2\ndata: 10\n\n')).toEqual([{ event: 'message', data: 'YHOO\n+2\n10', lastEventId: '' }]);
    expect(all(': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n')).toEqual([
      { event: 'message', data: 'first event', lastEventId: '1' },
      { event: 'message', data: 'second event', lastEventId: '' },
      { event: 'message', data: ' third event', lastEventId: '' },
    ]);
    expect(all('data\n\ndata\ndata\n\ndata:').map(({ data }) => data)).toEqual(['', '\n']);
    expect(all('data:test\n\ndata: test\n\n').map(({ data }) => data)).toEqual(['test', 'test']);
  });

  it('drops an event without its empty line, unknown fields, comments and the byte order mark', () => {
    expect(all('\uFEFFevent: x\nnonsense: 1\n: comment\ndata: 1\n\ndata: half')).toEqual([{ event: 'x', data: '1', lastEventId: '' }]);
  });

  it('keeps the last id over events, and learns how long to wait', () => {
    const parser = createEventStreamParser('7');
    expect(parser.push('data: a\n\nid: 9\nretry: 250\ndata: b\n\nretry: soon\n\n').map(({ lastEventId }) => lastEventId)).toEqual([
      '7',
      '9',
    ]);
    expect(parser.retryMs()).toBe(250);
  });

  it('gives the same events wherever the chunks are cut and whatever ends the lines', () => {
    const text = 'id: 1\nevent: message\ndata: {"a":1}\n\n: hi\n\nid: 2\ndata: x\ndata: y\n\n';
    fc.assert(
      fc.property(fc.constantFrom('\n', '\r', '\r\n'), fc.array(fc.nat(text.length * 2)), (end, cuts) => {
        const given = text.replaceAll('\n', end);
        const at = [0, ...cuts.filter((cut) => cut < given.length).sort((a, b) => a - b), given.length];
        const chunks = at.slice(1).map((to, index) => given.slice(at[index], to));
        // A final carriage return waits for a line feed; the next text shows there is none.
        expect(all(...chunks, ':\n')).toEqual(all(text));
      }),
    );
  });

  it('refuses lines and events that never end', () => {
    expect(() => all(...Array(20).fill('x'.repeat(100_000)))).toThrow(RangeError);
    expect(() => all(...Array(20).fill(`data: ${'x'.repeat(100_000)}\n`))).toThrow(RangeError);
  });
});
