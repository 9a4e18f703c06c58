import { HubError, type OutcomeResponse } from '@nave/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expression, failing } from '../test-registry.ts';
import { makeReply, type ReplyFacts } from './make-reply.ts';
import { isReplyHeader, replyHeaderValue } from './reply-headers.ts';

const answer = (body: string, more: Partial<OutcomeResponse> = {}) => ({
  name: 'ask',
  response: {
    status: 201,
    headers: { 'x-own': '1', 'set-cookie': 'a=b' },
    contentType: 'application/json',
    body: Buffer.from(body),
    ...more,
  },
});
const facts = async (): Promise<ReplyFacts> => ({
  root: { id: 'm', type: 't', source: 's', data: { a: 1 }, headers: {}, receivedAt: '', correlationId: null },
  ...{ seed: 'd', nowMs: 0, bindings: { bindings: { path: 'p' } } },
});
const never = () => Promise.reject(new Error('nobody needs the root'));
const textOf = (body: Uint8Array) => Buffer.from(body).toString('utf8');
const value = (what: unknown) => expression(() => what);

describe('an answer without a mapping', () => {
  it('is the last one as it is, without the headers of its own connection', async () => {
    const reply = await makeReply(null, [answer('1'), answer('{"b":2}')], never);
    expect({ ...reply, body: textOf(reply.body) }).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json' },
      body: '{"b":2}',
    });
  });

  it('of a system that knows no such statuses is 200, and one without a body has no content type', async () => {
    for (const status of [0, 101, 999, Number.NaN]) expect((await makeReply(null, [answer('x', { status })], never)).status).toBe(200);
    expect((await makeReply(null, [answer('', { status: 204 })], never)).headers).toEqual({});
    expect(await makeReply(null, [answer('x', { contentType: 'a\r\nx: y' })], never)).toMatchObject({ headers: {} });
  });
});

describe('a mapped answer', () => {
  it('is made from the steps, and takes from the last one what it does not say', async () => {
    const seen: unknown[] = [];
    const body = expression((root, scope) => {
      seen.push(root, scope?.responses?.['ask']?.status, scope?.bindings);
      return { done: true };
    });
    const reply = await makeReply({ status: null, headers: [{ name: 'x-n', expression: value(7) }], body }, [answer('{"n":5}')], facts);
    expect(seen).toMatchObject([{ data: { a: 1 }, steps: { ask: { n: 5 } } }, 201, { path: 'p' }]);
    expect({ ...reply, body: textOf(reply.body) }).toEqual({
      ...{ status: 201, body: '{"done":true}' },
      headers: { 'content-type': 'application/json', 'x-n': '7' },
    });
    const kept = await makeReply({ status: 203, headers: [], body: null }, [answer('{"n":5}')], facts);
    expect([kept.status, textOf(kept.body)]).toEqual([203, '{"n":5}']);
  });

  it('is text where the mapping gives text, and JSON where its content type says so', async () => {
    const mapped = (headers: string | null) =>
      makeReply(
        { status: 200, headers: headers === null ? [] : [{ name: 'content-type', expression: value(headers) }], body: value('ahoj') },
        [],
        facts,
      );
    expect(await mapped(null)).toMatchObject({ headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from('ahoj') });
    expect(await mapped('application/json')).toMatchObject({ body: Buffer.from('"ahoj"') });
    expect(await mapped('text/csv')).toMatchObject({ headers: { 'content-type': 'text/csv' }, body: Buffer.from('ahoj') });
  });

  it('has no body where its status has none, and none where the mapping selects nothing', async () => {
    expect(await makeReply({ status: 204, headers: [], body: value({ a: 1 }) }, [], facts)).toMatchObject({
      headers: {},
      body: new Uint8Array(0),
    });
    expect((await makeReply({ status: 200, headers: [], body: value(undefined) }, [answer('x')], facts)).body).toHaveLength(0);
  });

  it.each([
    ['a status that is none', { status: value(99), headers: [], body: null }],
    ['a status that is text', { status: value('200'), headers: [], body: null }],
    ['a header of two lines', { status: null, headers: [{ name: 'x', expression: value('a\r\nset-cookie: b') }], body: null }],
    ['a header that is an object', { status: null, headers: [{ name: 'x', expression: value({}) }], body: null }],
    ['an expression that fails', { status: null, headers: [], body: failing() }],
    ['an endless body', { status: null, headers: [], body: value('x'.repeat(10 * 1024 * 1024 + 1)) }],
  ])('is refused for %s', async (_name, reply) => {
    const failure = await makeReply(reply, [answer('{}')], facts).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HubError);
    expect(failure).toMatchObject({ code: 'reply.mapping' });
  });
});

describe('headers of an answer', () => {
  it('are never those of the connection, the hub or the session', () => {
    for (const name of ['Connection', 'content-length', 'Set-Cookie', 'X-Nave-Message-Id', 'access-control-allow-origin', 'a b', ''])
      expect(isReplyHeader(name), name).toBe(false);
    for (const name of ['Content-Type', 'X-Number', 'Location', 'ETag']) expect(isReplyHeader(name), name).toBe(true);
  });

  it('never hold a line break, whatever they are made from', () => {
    fc.assert(
      fc.property(fc.anything(), (given) => {
        const text = replyHeaderValue(given);
        return text === null || !/[\r\n\0]/.test(text);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (given) => /[\r\n\0]/.test(replyHeaderValue(given) ?? '') === false));
  });
});
