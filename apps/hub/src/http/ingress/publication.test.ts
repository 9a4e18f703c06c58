import { isHubError } from '@nave/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binaryEvent, type PublicationInput, parseBoth, publicationOf, structuredEvent } from './publication.ts';

const own = (json: string) => {
  const { plain, exact } = parseBoth(json);
  return publicationOf(plain, exact, '');
};
const event = (json: string | Record<string, unknown>) => {
  const { plain, exact } = parseBoth(
    typeof json === 'string' ? json : JSON.stringify({ specversion: '1.0', id: '1', source: 'shop', type: 'order.created', ...json }),
  );
  return structuredEvent(plain, exact, '/0');
};
const bodyOf = ({ body }: PublicationInput) => Buffer.from(body).toString();

/** The places of every problem that a call refuses with. */
function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (isHubError(error) && error.code === 'request.invalid') return error.errors.map(({ path }) => path).sort();
    throw error;
  }
  return [];
}

describe("the hub's own form", () => {
  it('takes what is given and nothing else', () => {
    expect(own('{"source":"shop","type":"t","data":{"a":1},"idempotencyKey":"k","orderingKey":"o","correlationId":"c"}')).toMatchObject({
      ...{
        source: 'shop',
        type: 't',
        data: { a: 1 },
        contentType: 'application/json',
        idempotencyKey: 'k',
        orderingKey: 'o',
        correlationId: 'c',
      },
    });
    expect(own('{"source":"shop","type":"t","data":null,"idempotencyKey":null}')).toMatchObject({
      data: null,
      idempotencyKey: null,
      orderingKey: null,
    });
  });

  it('keeps numbers as they came', () => {
    const publication = own('{"source":"shop","type":"t","data":{"id":12345678901234567890,"x":0.1234567890123456789}}');
    expect(bodyOf(publication)).toBe('{"id":12345678901234567890,"x":0.1234567890123456789}');
  });

  it('keeps any JSON value as its body', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const publication = own(JSON.stringify({ source: 's', type: 't', data }));
        expect(JSON.parse(bodyOf(publication))).toEqual(JSON.parse(JSON.stringify(data)));
        expect(publication.data).toEqual(JSON.parse(JSON.stringify(data)));
      }),
    );
  });

  it.each<[string, string[]]>([
    ['7', ['']],
    ['null', ['']],
    ['[]', ['']],
    ['{}', ['/data', '/source', '/type']],
    ['{"source":"","type":5,"data":1}', ['/source', '/type']],
    ['{"source":"s","type":"t","data":1,"extra":1,"a/b~c":2}', ['/a~1b~0c', '/extra']],
    ['{"source":"s","type":"t","data":1,"__proto__":{}}', ['/__proto__']],
    [
      '{"source":"s","type":"t\\u0000","data":1,"idempotencyKey":"\\ud800","orderingKey":"","correlationId":7}',
      ['/correlationId', '/idempotencyKey', '/orderingKey', '/type'],
    ],
    [`{"source":"s","type":"${'x'.repeat(201)}","data":1,"idempotencyKey":"${'x'.repeat(256)}"}`, ['/idempotencyKey', '/type']],
  ])('refuses %s with all its problems', (json, paths) => {
    expect(problemsOf(() => own(json))).toEqual(paths);
  });
});

describe('a structured CloudEvent', () => {
  it('is keyed by source and id, in the lane of its partition key', () => {
    expect(
      event({
        partitionkey: 'p',
        data: { a: 1 },
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        anything: 'else',
      }),
    ).toMatchObject({
      ...{
        source: 'shop',
        type: 'order.created',
        data: { a: 1 },
        contentType: 'application/json',
        idempotencyKey: 'shop 1',
        orderingKey: 'p',
      },
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
  });

  it('keeps numbers of its data as they came', () => {
    expect(bodyOf(event('{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"id":12345678901234567890}}'))).toBe(
      '{"id":12345678901234567890}',
    );
  });

  it.each<[Record<string, unknown>, unknown, string]>([
    [{}, null, 'null'],
    [{ data: null }, null, 'null'],
    [{ data: 'text' }, 'text', '"text"'],
    [{ data: 'text', datacontenttype: 'application/vnd.x+json' }, 'text', '"text"'],
    [{ data: 'text', datacontenttype: 'text/plain' }, 'text', 'text'],
    [{ data: '<a><b>1</b></a>', datacontenttype: 'application/xml' }, { a: { b: '1' } }, '<a><b>1</b></a>'],
    [{ data: { a: 1 }, datacontenttype: 'text/plain' }, '{"a":1}', '{"a":1}'],
    [{ data_base64: Buffer.from('{"a":1}').toString('base64') }, { a: 1 }, '{"a":1}'],
    [{ data_base64: Buffer.from('\u0001').toString('base64'), datacontenttype: 'application/octet-stream' }, null, '\u0001'],
    [{ data_base64: null, data: 7 }, 7, '7'],
  ])('shows routes what mappings will read of %j', (fields, data, body) => {
    const publication = event(fields);
    expect(publication.data).toEqual(data);
    expect(bodyOf(publication)).toBe(body);
  });

  it.each<[Record<string, unknown>, string[]]>([
    [{ specversion: '0.3' }, ['/0/specversion']],
    [{ specversion: 1 }, ['/0/specversion']],
    [{ id: '', source: '', type: '' }, ['/0/id', '/0/source', '/0/type']],
    [{ id: undefined, source: undefined, type: undefined }, ['/0/id', '/0/source', '/0/type']],
    [{ source: 'a b' }, ['/0/source']],
    [{ id: 'a\u0000' }, ['/0/id']],
    [{ partitionkey: 7 }, ['/0/partitionkey']],
    [{ data_base64: 'not base64!' }, ['/0/data_base64']],
    [{ data_base64: 'AAAA', data: 1 }, ['/0/data_base64']],
    [{ data_base64: Buffer.from('{').toString('base64') }, ['/0/data_base64']],
    [{ data: '<a>', datacontenttype: 'application/xml' }, ['/0/data']],
  ])('refuses %j', (fields, paths) => {
    expect(problemsOf(() => event(fields))).toEqual(paths);
  });

  it('refuses what is no object', () => {
    expect(problemsOf(() => event('[]'))).toEqual(['/0']);
  });
});

describe('a binary CloudEvent', () => {
  const headers = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/shop', 'ce-type': 't' };
  const binary = (more: Record<string, string> = {}) =>
    binaryEvent({ ...headers, ...more }, Buffer.from('{"a":1}'), { a: 1 }, 'application/json');

  it('has its attributes in headers and its data as the body', () => {
    expect(binary({ 'ce-partitionkey': 'p' })).toMatchObject({
      source: '/shop',
      type: 't',
      idempotencyKey: '/shop 1',
      orderingKey: 'p',
      data: { a: 1 },
    });
  });

  it.each([
    ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
    ['100%2525', '100%25'],
    ['"quoted \\"text\\" \\\\"', 'quoted "text" \\'],
    ['"%41"', 'A'],
  ])('decodes %s once', (value, text) => {
    expect(binary({ 'ce-partitionkey': value }).orderingKey).toBe(text);
  });

  it('refuses what is missing or cannot be decoded, by header', () => {
    expect(problemsOf(() => binaryEvent({ 'ce-specversion': '1.0' }, Buffer.alloc(0), null, 'text/plain'))).toEqual([
      '/headers/ce-id',
      '/headers/ce-source',
      '/headers/ce-type',
    ]);
    expect(problemsOf(() => binary({ 'ce-id': '%ff' }))).toEqual(['/headers/ce-id']);
    expect(problemsOf(() => binary({ 'ce-id': '%00' }))).toEqual(['/headers/ce-id']);
  });
});
