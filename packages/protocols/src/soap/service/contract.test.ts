/** JSON Schema to WSDL and back: what a contract can say travels unchanged, what it cannot is refused before anybody calls. */
import { stringifyExact } from '@nave/adapter-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadUploaded } from '../wsdl/load-documents.ts';
import { readWsdl } from '../wsdl/read-wsdl.ts';
import { readXml } from '../xml/read-xml.ts';
import { writeXml } from '../xml/write-xml.ts';
import { decodeContract } from './decode-contract.ts';
import { encodeContract } from './encode-contract.ts';
import { readContract } from './read-contract.ts';
import { ACKNOWLEDGEMENT, responseOf, type SoapService } from './soap-service.ts';
import { writeWsdl } from './write-wsdl.ts';

const NS = 'urn:test';

function recordOf(schema: Record<string, unknown>) {
  const read = readContract(schema);
  if (!read.ok || read.node.kind !== 'record') throw new Error(JSON.stringify(read));
  return read.node;
}

function decode(xml: string, schema: Record<string, unknown>) {
  const read = readXml(xml);
  if (!read.ok) throw new Error(read.reason);
  return decodeContract(read.root, recordOf(schema), NS);
}

const ORDER = {
  type: 'object',
  properties: {
    number: { type: 'string' },
    count: { type: 'integer' },
    total: { type: 'number' },
    paid: { type: 'boolean' },
    note: { type: ['string', 'null'] },
    lines: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] } },
    grid: { type: 'array', items: { type: 'array', items: { type: 'integer' } } },
  },
  required: ['number', 'lines'],
};
const call = (inner: string) => `<o xmlns="${NS}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${inner}</o>`;

describe('a call', () => {
  it('has the types of its schema, and lists however many items they have', () => {
    const xml = call(
      '<lines><sku>a</sku></lines><total> 10.50 </total><number>007</number><count>+05</count><paid>1</paid><note xsi:nil="true"/><grid><item>1</item><item>2</item></grid>',
    );
    expect(decode(xml, ORDER)).toEqual({
      ok: true,
      data: { number: '007', count: 5, total: 10.5, paid: true, note: null, lines: [{ sku: 'a' }], grid: [[1, 2]] },
    });
    expect(decode(call('<number/>'), ORDER)).toEqual({ ok: true, data: { number: '', lines: [] } });
  });

  it('keeps every digit of a number that a double cannot hold', () => {
    const decoded = decode(call('<number>x</number><count>12345678901234567890</count><total>0.12345678901234567890</total>'), ORDER);
    expect(decoded.ok && stringifyExact(decoded.data)).toBe(
      '{"number":"x","count":12345678901234567890,"total":0.12345678901234567890,"lines":[]}',
    );
  });

  it.each([
    ['<number>a</number><number>b</number>', '/number'],
    ['<what>a</what>', '/what'],
    ['<number xmlns="urn:other">a</number>', '/number'],
    ['<number xmlns="">a</number>', '/number'],
    ['<count>1.5</count>', '/count'],
    ['<count>12 000</count>', '/count'],
    ['<total>1e5</total>', '/total'],
    ['<total>NaN</total>', '/total'],
    ['<total>.</total>', '/total'],
    ['<total/>', '/total'],
    ['<paid>yes</paid>', '/paid'],
    ['<number xsi:nil="true"/>', '/number'],
    ['<note xsi:nil="true">x</note>', '/note'],
    ['<number><b/></number>', '/number'],
    ['text', ''],
    ['<lines><sku>a</sku><sku>b</sku></lines>', '/lines/0/sku'],
    ['<grid><cell>1</cell></grid>', '/grid/0/cell'],
    [`<count>${'0'.repeat(100_000)}x</count>`, '/count'],
  ])('is refused for %.60s, with the place', (inner, path) => {
    expect(decode(call(inner), ORDER)).toEqual({ ok: false, problems: [{ path, message: expect.any(String) }] });
  });
});

describe('a schema', () => {
  it.each([
    [{ type: 'object', additionalProperties: true }, '/additionalProperties'],
    [{ type: 'object', properties: { 'a b': { type: 'string' } } }, '/properties/a b'],
    [{ type: 'object', properties: { a: {} } }, '/properties/a/type'],
    [{ type: 'object', properties: { a: true } }, '/properties/a'],
    [{ type: 'object', properties: { a: { type: ['string', 'number'] } } }, '/properties/a/type'],
    [{ type: 'object', properties: { a: { type: ['array', 'null'], items: { type: 'string' } } } }, '/properties/a'],
    [{ type: 'object', properties: { a: { type: 'array' } } }, '/properties/a/items'],
    [{ type: 'object', properties: { a: { oneOf: [{ type: 'string' }, { type: 'number' }] } } }, '/properties/a/oneOf'],
    [{ type: 'object', allOf: [{ type: 'object' }] }, '/allOf'],
    [{ type: 'object', required: ['a'] }, '/required'],
    [{ type: 'object', properties: { a: { $ref: '#' } } }, '/properties/a/$ref'],
    [{ type: 'object', properties: { a: { $ref: 'https://example.com/x.json' } } }, '/properties/a/$ref'],
    [{ type: 'object', properties: { a: { $ref: '#/$defs/none' } } }, '/properties/a/$ref'],
    [{ type: 'object', properties: { a: { enum: ['a', 1] } } }, '/properties/a/type'],
    [{ type: 'object', properties: { a: { type: 'string', enum: ['a', 1] } } }, '/properties/a'],
  ])('that no WSDL can say is refused with its place: %j', (schema, path) => {
    expect(readContract(schema)).toEqual({ ok: false, problems: expect.arrayContaining([{ path, message: expect.any(String) }]) });
  });

  it('may refer to definitions, and may be null the long way', () => {
    const node = recordOf({
      $defs: { money: { type: 'number', description: 'in CZK' } },
      type: 'object',
      properties: { a: { $ref: '#/$defs/money' }, b: { anyOf: [{ $ref: '#/$defs/money' }, { type: 'null' }] } },
    });
    expect(node.fields).toMatchObject([
      { name: 'a', node: { type: 'decimal', nullable: false, documentation: 'in CZK' } },
      { name: 'b', node: { type: 'decimal', nullable: true } },
    ]);
  });

  it('does not grow without bounds', () => {
    const $defs: Record<string, unknown> = { d0: { type: 'string' } };
    for (let n = 1; n < 25; n++)
      $defs[`d${n}`] = { type: 'object', properties: { a: { $ref: `#/$defs/d${n - 1}` }, b: { $ref: `#/$defs/d${n - 1}` } } };
    expect(readContract({ $defs, $ref: '#/$defs/d24' }).ok).toBe(false);
  });
});

const name = fc.constantFrom('a', 'b', 'c', 'Name', 'číslo', '_x', 'x-1.2', 'item', 'constructor');
const text = fc.string({ unit: fc.constantFrom('a', 'č', '<', '&', '"', ' ', '\t', '\n', '\r', '😀', ']]>', "'") });
interface Sample {
  schema: Record<string, unknown>;
  value: fc.Arbitrary<unknown>;
}
const scalar: fc.Arbitrary<Sample> = fc.constantFrom<Sample>(
  { schema: { type: 'string' }, value: text },
  { schema: { type: 'string', enum: ['a', ' b ', '<&'] }, value: fc.constantFrom('a', ' b ', '<&') },
  { schema: { type: 'string', contentEncoding: 'base64' }, value: fc.base64String() },
  { schema: { type: 'string', format: 'date' }, value: fc.constant('2026-02-28') },
  { schema: { type: 'integer' }, value: fc.maxSafeInteger().map((n) => n + 0) },
  { schema: { type: 'integer', format: 'int32', minimum: -5 }, value: fc.integer({ min: -5 }) },
  { schema: { type: 'number' }, value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0) },
  { schema: { type: 'number', format: 'double' }, value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0) },
  { schema: { type: 'boolean' }, value: fc.boolean() },
);
const nullable = (sample: Sample): Sample => ({
  schema: { anyOf: [sample.schema, { type: 'null' }] },
  value: fc.option(sample.value),
});
const sample: fc.Arbitrary<Sample> = fc.letrec<{ any: Sample; record: Sample }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    scalar,
    scalar.map(nullable),
    tie('record'),
    tie('record').map(nullable),
    tie('any').map(({ schema, value }) => ({ schema: { type: 'array', items: schema }, value: fc.array(value, { maxLength: 3 }) })),
  ),
  record: fc.dictionary(name, fc.tuple(tie('any'), fc.boolean()), { maxKeys: 4 }).map((fields): Sample => {
    const entries = Object.entries(fields).map(([key, [inner, wanted]]) => {
      // An absent list and an empty one are the same in XML: lists are always there.
      return [key, inner, wanted || inner.schema['type'] === 'array'] as const;
    });
    return {
      schema: {
        type: 'object',
        properties: Object.fromEntries(entries.map(([key, { schema }]) => [key, schema])),
        required: entries.filter(([, , required]) => required).map(([key]) => key),
      },
      value: fc.record(Object.fromEntries(entries.map(([key, { value }]) => [key, value])), {
        requiredKeys: entries.filter(([, , required]) => required).map(([key]) => key),
        noNullPrototype: true,
      }),
    };
  }),
})).record;

describe('any JSON that a contract allows', () => {
  it('comes back from XML as it was', () => {
    fc.assert(
      fc.property(
        sample.chain(({ schema, value }) => fc.tuple(fc.constant(schema), value)),
        ([schema, value]) => {
          const node = recordOf(schema);
          const encoded = encodeContract('call', node, value, NS);
          if (!encoded.ok) throw new Error(encoded.reason);
          const read = readXml(writeXml(encoded.element));
          if (!read.ok) throw new Error(read.reason);
          const decoded = decodeContract(read.root, node, NS);
          expect(decoded).toEqual({ ok: true, data: value });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is described by a WSDL that can be read', () => {
    fc.assert(
      fc.property(sample, sample, (request, response) => {
        const service: SoapService = {
          ...{ name: 'shop', namespace: NS },
          operations: [
            {
              ...{ name: 'Ask', action: 'urn:test:Ask', documentation: 'x' },
              request: recordOf(request.schema),
              response: responseOf(recordOf(response.schema)),
            },
            {
              ...{ name: 'Tell', action: 'urn:test:Tell', documentation: null },
              request: recordOf(request.schema),
              response: ACKNOWLEDGEMENT,
            },
            { ...{ name: 'Shout', action: 'urn:test:Shout', documentation: null }, request: recordOf(request.schema), response: null },
          ],
        };
        const loaded = loadUploaded(writeWsdl(service, 'http://hub/soap/shop'), {});
        if (!loaded.ok) throw new Error(loaded.reason);
        const read = readWsdl(loaded.documents);
        if (!read.ok) throw new Error(read.reason);
        const { ports } = read.wsdl;
        expect(ports.map(({ version, address }) => [version, address])).toEqual([
          ['1.1', 'http://hub/soap/shop'],
          ['1.2', 'http://hub/soap/shop'],
        ]);
        for (const { operations } of ports)
          expect(operations.map(({ name: key, output }) => [key, output === null])).toEqual([
            ['Ask', false],
            ['Tell', false],
            ['Shout', true],
          ]);
      }),
      { numRuns: 30 },
    );
  });
});
