import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integer, integerOf, MalformedBer, readTlv, tlv } from './ber.ts';
import { decodeMessage } from './decode-message.ts';
import { createFrameReader, OversizedFrame } from './frame-reader.ts';

const entry = (attributes: Buffer) => tlv(0x30, integer(7), tlv(0x64, tlv(0x04, 'cn=a'), attributes));
const values = (...all: string[]) => tlv(0x31, ...all.map((value) => tlv(0x04, value)));
const good = entry(tlv(0x30, tlv(0x30, tlv(0x04, 'cn'), values('a', 'b'))));

function readOrRefuse(bytes: Buffer): 'read' | 'refused' {
  try {
    for (const frame of createFrameReader(1_000).push(bytes)) decodeMessage(frame);
    return 'read';
  } catch (error) {
    if (error instanceof MalformedBer || error instanceof OversizedFrame) return 'refused';
    throw error;
  }
}

describe('answers of a directory', () => {
  it('are read whatever the packets', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(good.length * 2), { maxLength: 10 }), (cuts) => {
        const reader = createFrameReader(1_000);
        const stream = Buffer.concat([good, good]);
        const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const frames = places.slice(1).flatMap((end, index) => reader.push(stream.subarray(places[index], end)));
        expect(frames).toEqual([good, good]);
        expect(reader.pending()).toBe(0);
      }),
    );
    expect(decodeMessage(good)).toMatchObject({
      id: 7,
      content: { kind: 'entry', entry: { dn: 'cn=a', attributes: [{ name: 'cn', values: [Buffer.from('a'), Buffer.from('b')] }] } },
    });
  });

  it('that are anything else end in a refusal, never in a hang or a crash', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readOrRefuse(Buffer.from(bytes))));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const bent = Buffer.from(good);
        bent[at] = byte;
        readOrRefuse(bent);
      }),
    );
  });

  it.each<[string, Buffer]>([
    ['a value longer than its entry', entry(tlv(0x30, tlv(0x30, tlv(0x04, 'cn'), Buffer.from([0x31, 0x04, 0x04, 0x7f, 0x61, 0x61]))))],
    ['an attribute that is no sequence', entry(tlv(0x30, tlv(0x04, Buffer.from([0x04, 0x7f]))))],
    ['an indefinite length', Buffer.from([0x30, 0x80, 0x00, 0x00])],
    ['a request', tlv(0x30, integer(1), tlv(0x66, tlv(0x04, 'x')))],
    ['a result without code', tlv(0x30, integer(1), tlv(0x65))],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('refuses %s', (_name, bytes) => {
    expect(readOrRefuse(bytes)).toBe('refused');
  });

  it('refuses a message by its header, before holding it', () => {
    expect(() => createFrameReader(1_000).push(Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]))).toThrow(OversizedFrame);
  });

  it('integers survive being written and read', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(integerOf(readTlv(integer(value), 0).value)).toBe(value);
      }),
    );
  });
});
