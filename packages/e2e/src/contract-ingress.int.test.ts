/** Contract section 4, call by call: what senders may rely on. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubUnderTest, hubUnderTest } from './contract/hub-under-test.ts';
import { CALLER_SENDERS, SIGNED_SENDERS } from './contract/signed-senders.ts';
import { at, listAt, textAt } from './harness/json.ts';

let test: HubUnderTest;
const now = () => Math.floor(Date.now() / 1_000);

beforeAll(async () => {
  test = await hubUnderTest();
  const { hub, sink } = test;
  await hub.api('PUT', '/api/v1/spokes/erp', {
    kind: 'rest',
    config: { baseUrl: sink.url, operations: { take: { method: 'POST', path: '/take' } } },
    policy: { retry: { preset: 'fast' } },
  });
  await hub.api('PUT', '/api/v1/spokes/plain', { kind: 'source', inbound: { verify: { scheme: 'none' }, maxBytes: 20_000 } });
  await hub.api('PUT', '/api/v1/routes/plain', {
    from: { spoke: 'plain', type: '**' },
    steps: [{ name: 'take', to: 'erp', operation: 'take' }],
  });
});
afterAll(() => test?.close());

describe('idempotency of signed senders', () => {
  it.each(SIGNED_SENDERS)(
    '$name: a repeat is answered with the first id, another event is new, tampering and age are refused',
    async (sender) => {
      const { hub, post } = test;
      const name = sender.name.replaceAll(' ', '-');
      const url = `${hub.url}/hooks/${name}`;
      await hub.api('PUT', `/api/v1/spokes/${name}`, { kind: 'source', inbound: { verify: sender.verify } });
      const at0 = now();
      const first = sender.send('one', at0, url);
      const accepted = await post(`/hooks/${name}`, first.body, first.headers);
      expect(accepted).toMatchObject({ status: 202, body: { duplicate: false } });
      const messageId = textAt(accepted.body, 'messageId');
      expect(await post(`/hooks/${name}`, first.body, first.headers)).toMatchObject({ status: 202, body: { messageId, duplicate: true } });
      // Sent again by the vendor, signed at another moment. HubSpot names no id: its repeat is the same signature.
      const again = sender.send('one', sender.name === 'hubspot-v3' ? at0 : at0 + 2, url);
      expect(await post(`/hooks/${name}`, again.body, again.headers)).toMatchObject({ status: 202, body: { messageId, duplicate: true } });
      const other = sender.send('two', at0, url);
      expect(await post(`/hooks/${name}`, other.body, other.headers)).toMatchObject({ status: 202, body: { duplicate: false } });
      expect(textAt(await hub.api('GET', `/api/v1/messages/${messageId}`), 'type')).toBe(sender.type);

      const fresh = sender.send('three', at0, url);
      expect((await post(`/hooks/${name}`, `${fresh.body} `, fresh.headers)).status).toBe(401);
      const bare = Object.fromEntries(Object.entries(fresh.headers).filter(([header]) => !/sig|hmac/.test(header)));
      expect((await post(`/hooks/${name}`, fresh.body, bare)).status).toBe(401);
      if (sender.expires) {
        for (const moment of [at0 - 3_600, at0 + 3_600]) {
          const late = sender.send('late', moment, url);
          expect((await post(`/hooks/${name}`, late.body, late.headers)).status).toBe(401);
        }
      }
    },
  );

  it.each(['github', 'shopify', 'woocommerce'])('%s: an id that is not signed cannot make an old body new', async (name) => {
    const { hub, post } = test;
    const sender = SIGNED_SENDERS.find((each) => each.name === name);
    if (sender === undefined) throw new Error(name);
    const sent = sender.send('again', now(), `${hub.url}/hooks/${name}`);
    const first = await post(`/hooks/${name}`, sent.body, sent.headers);
    const renamed = Object.fromEntries(
      Object.entries(sent.headers).map(([header, value]) => [header, /-id$|delivery$/.test(header) ? 'another' : value]),
    );
    const repeat = await post(`/hooks/${name}`, sent.body, renamed);
    expect(repeat).toMatchObject({ status: 202, body: { messageId: textAt(first.body, 'messageId'), duplicate: true } });
  });

  it('takes two secrets during a rotation, and refuses one that is over', async () => {
    const { hub, post } = test;
    const verify = {
      scheme: 'github',
      secrets: [{ secret: 'new' }, { secret: 'old' }, { secret: 'gone', notAfter: '2020-01-01T00:00:00Z' }],
    };
    await hub.api('PUT', '/api/v1/spokes/rotating', { kind: 'source', inbound: { verify } });
    const status = async (secret: string, body: string) => {
      const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      return (await post('/hooks/rotating', body, { 'content-type': 'application/json', 'x-hub-signature-256': signature })).status;
    };
    expect([await status('new', '{"a":1}'), await status('old', '{"a":2}'), await status('gone', '{"a":3}')]).toEqual([202, 202, 401]);
  });

  it('wants every scheme of a list', async () => {
    const { hub, post } = test;
    const verify = [
      { scheme: 'api-key', secret: 'k-0123456789' },
      { scheme: 'ip-allow', cidrs: ['203.0.113.0/24'] },
    ];
    await hub.api('PUT', '/api/v1/spokes/both', { kind: 'source', inbound: { verify } });
    expect((await post('/hooks/both', '{}', { 'x-api-key': 'k-0123456789' })).status).toBe(401);
  });
});

describe('idempotency of callers that name a key', () => {
  it.each(CALLER_SENDERS)('$name: Idempotency-Key tells a repeat', async ({ name, verify, headers, wrong }) => {
    const { hub, post } = test;
    await hub.api('PUT', `/api/v1/spokes/caller-${name}`, { kind: 'source', inbound: { verify } });
    const send = (key: string, body: string) =>
      post(`/hooks/caller-${name}`, body, { 'content-type': 'application/json', 'idempotency-key': key, ...headers });
    const first = await send('k1', '{"n":1}');
    const messageId = textAt(first.body, 'messageId');
    expect(first).toMatchObject({ status: 202, body: { duplicate: false } });
    expect(await send('k1', '{"n":1}')).toMatchObject({ status: 202, body: { messageId, duplicate: true } });
    expect(await send('k1', '{"n":"other body"}')).toMatchObject({ status: 202, body: { messageId, duplicate: true } });
    expect(await send('k2', '{"n":1}')).toMatchObject({ status: 202, body: { duplicate: false } });
    if (Object.keys(wrong).length > 0)
      expect((await post(`/hooks/caller-${name}`, '{}', { 'content-type': 'application/json', ...wrong })).status).toBe(401);
    const noted = await hub.call('GET', '/metrics');
    expect(noted.text).toContain(`nave_idempotency_mismatch_total{spoke="caller-${name}"} 1`);
  });
});

describe('handshakes', () => {
  it("answers Slack's url_verification as prescribed, only when it is signed, and stores nothing", async () => {
    const { hub, post } = test;
    await hub.api('PUT', '/api/v1/spokes/slack-app', { kind: 'source', inbound: { verify: { scheme: 'slack', secret: 's' } } });
    const body = '{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}';
    const time = String(now());
    const signature = `v0=${createHmac('sha256', 's').update(`v0:${time}:${body}`).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-slack-request-timestamp': time, 'x-slack-signature': signature };
    const answer = await post('/hooks/slack-app', body, headers);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P');
    expect((await post('/hooks/slack-app', body, { ...headers, 'x-slack-signature': 'v0=00' })).status).toBe(401);
    expect(listAt(await hub.api('GET', '/api/v1/messages?spoke=slack-app'), 'items')).toEqual([]);
  });

  it("answers WooCommerce's unsigned ping with 200 and stores nothing", async () => {
    const { hub, post } = test;
    await hub.api('PUT', '/api/v1/spokes/woo', { kind: 'source', inbound: { verify: { scheme: 'woocommerce', secret: 's' } } });
    const answer = await post('/hooks/woo', 'webhook_id=11', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer.status).toBe(200);
    expect(listAt(await hub.api('GET', '/api/v1/messages?spoke=woo'), 'items')).toEqual([]);
  });

  it('answers 404 to GET where the scheme has no handshake, and to spokes that are unknown or disabled', async () => {
    const { hub, post } = test;
    expect((await fetch(`${hub.url}/hooks/plain`)).status).toBe(404);
    expect((await post('/hooks/nobody', '{}')).status).toBe(404);
    await hub.api('PUT', '/api/v1/spokes/off', { kind: 'source', enabled: false, inbound: { verify: { scheme: 'none' } } });
    expect((await post('/hooks/off', '{}')).status).toBe(404);
  });
});

describe('bodies', () => {
  it.each([
    [
      'JSON with integers beyond 2^53',
      'application/json',
      Buffer.from('{"id":90071992547409931234,"n":1.10,"e":1E400 , "a":[-0,12345678901234567890]}'),
    ],
    ['XML', 'application/xml; charset=utf-8', Buffer.from('<?xml version="1.0"?>\n<order id="7"><total>5.00</total></order>\n')],
    ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1&b=%C5%A1&a=2&empty=')],
    ['text', 'text/plain; charset=utf-8', Buffer.from('Příliš žluťoučký kůň\r\n')],
    ['binary', 'application/octet-stream', Buffer.from([0, 1, 2, 0xff, 0xfe, 0, 10, 13])],
    ['nothing', 'application/octet-stream', Buffer.alloc(0)],
  ])('%s: accepted, kept and passed on byte for byte', async (_, contentType, bytes) => {
    const { hub, post, arrivalOf } = test;
    const accepted = await post('/hooks/plain', bytes, { 'content-type': contentType });
    expect(accepted.status).toBe(202);
    const id = textAt(accepted.body, 'messageId');
    const arrival = await arrivalOf(id);
    expect(arrival.body.equals(bytes)).toBe(true);
    expect(arrival.headers['content-type']).toBe(contentType);
    const payload = await hub.api('GET', `/api/v1/messages/${id}/payload`);
    const base64 = at(payload, 'bodyBase64');
    const kept = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.from(String(at(payload, 'body')));
    expect(kept.equals(bytes)).toBe(true);
  });

  it('refuses what is not what it says, is not UTF-8, is nested too deep or is too large, and stores none of it', async () => {
    const { hub, post } = test;
    const json = { 'content-type': 'application/json' };
    const before = await hub.api('GET', '/api/v1/messages?spoke=plain&limit=1');
    expect((await post('/hooks/plain', '{"a":', json)).status).toBe(400);
    expect((await post('/hooks/plain', '<a><b></a>', { 'content-type': 'application/xml' })).status).toBe(400);
    expect((await post('/hooks/plain', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', { 'content-type': 'application/xml' })).status).toBe(
      400,
    );
    expect((await post('/hooks/plain', Buffer.from([0x22, 0xff, 0xfe, 0x22]), json)).status).toBe(400);
    expect((await post('/hooks/plain', `${'['.repeat(129)}${']'.repeat(129)}`, json)).status).toBe(400);
    expect((await post('/hooks/plain', JSON.stringify('x'.repeat(20_000)), json)).status).toBe(413);
    expect(await hub.api('GET', '/api/v1/messages?spoke=plain&limit=1')).toEqual(before);
  });

  it('checks the schema of the spoke and says every problem at once', async () => {
    const { hub, post } = test;
    const schema = { type: 'object', required: ['id', 'total'], properties: { id: { type: 'string' }, total: { type: 'number' } } };
    await hub.api('PUT', '/api/v1/spokes/strict', { kind: 'source', inbound: { verify: { scheme: 'none' }, schema } });
    const answer = await post('/hooks/strict', '{"id":7}', { 'content-type': 'application/json' });
    expect(answer.status).toBe(422);
    expect(listAt(answer.body, 'errors').length).toBe(2);
    expect((await post('/hooks/strict', '{"id":"7","total":1}', { 'content-type': 'application/json' })).status).toBe(202);
  });

  it('drops credentials of the caller before anything is stored', async () => {
    const { hub, post } = test;
    const secrets = { authorization: 'Bearer very-secret-1', cookie: 'sid=very-secret-2', 'x-kept': 'kept' };
    const accepted = await post('/hooks/plain', '{}', { 'content-type': 'application/json', ...secrets });
    const payload = await hub.call('GET', `/api/v1/messages/${textAt(accepted.body, 'messageId')}/payload`);
    expect(payload.text).not.toContain('very-secret');
    expect(payload.text).toContain('kept');
  });
});

describe('publishing', () => {
  const events = { 'content-type': 'application/cloudevents+json' };

  it('takes one message, and tells a repeat by its key', async () => {
    const { hub } = test;
    const message = { source: 'plain', type: 'order.created', data: { n: 1 }, idempotencyKey: 'p1', correlationId: 'c1' };
    const first = await hub.call('POST', '/v1/messages', message);
    expect(first).toMatchObject({ status: 202, body: { duplicate: false } });
    const id = textAt(first.body, 'messageId');
    expect(await hub.call('POST', '/v1/messages', message)).toMatchObject({ status: 202, body: { messageId: id, duplicate: true } });
    expect(await hub.api('GET', `/api/v1/messages/${id}`)).toMatchObject({
      source: 'plain',
      type: 'order.created',
      idempotencyKey: 'p1',
      correlationId: 'c1',
    });
    const byHeader = await hub.call('POST', '/v1/messages', { source: 'plain', type: 't', data: 1 }, { 'idempotency-key': 'p1' });
    expect(byHeader).toMatchObject({ status: 202, body: { messageId: id, duplicate: true } });
  });

  it('answers a batch in order; one bad item stops no other', async () => {
    const { hub } = test;
    const answer = await hub.call('POST', '/v1/messages?personal=data', [
      { source: 'plain', type: 'a', data: 1, idempotencyKey: 'b1' },
      { source: 'nobody', type: 'a', data: 1 },
      { source: 'plain', data: 1 },
      { source: 'plain', type: 'a', data: 1, idempotencyKey: 'b1' },
    ]);
    expect(answer.status).toBe(202);
    const [first, unknown, broken, repeat] = listAt(answer.body, '');
    expect(first).toMatchObject({ status: 202, duplicate: false });
    expect(unknown).toMatchObject({ status: 404, error: { status: 404, code: 'resource.not-found', instance: '/v1/messages' } });
    expect(broken).toMatchObject({ status: 422, error: { status: 422 } });
    expect(repeat).toMatchObject({ status: 202, duplicate: true, messageId: textAt(first, 'messageId') });
    expect(
      (
        await hub.call(
          'POST',
          '/v1/messages',
          Array.from({ length: 1_001 }, () => ({})),
        )
      ).status,
    ).toBe(422);
  });

  it('takes CloudEvents: structured, binary and in batches', async () => {
    const { hub, arrivalOf } = test;
    const event = { specversion: '1.0', id: 'e1', source: 'plain', type: 'com.example.thing', data: { big: 1 } };
    const structured = await hub.call('POST', '/v1/messages', event, events);
    expect(structured).toMatchObject({ status: 202, body: { duplicate: false } });
    const id = textAt(structured.body, 'messageId');
    expect((await arrivalOf(id)).body.toString('utf8')).toBe('{"big":1}');
    const binary = await fetch(`${hub.url}/v1/messages?spoke=plain`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer e2e-admin-key-0123456789',
        'content-type': 'application/xml',
        ...{ 'ce-specversion': '1.0', 'ce-id': 'e2', 'ce-source': '/machines/7', 'ce-type': 'com.example.other' },
      },
      body: '<a>1</a>',
    });
    expect(binary.status).toBe(202);
    const other = textAt(await binary.json(), 'messageId');
    expect((await arrivalOf(other)).body.toString('utf8')).toBe('<a>1</a>');
    expect(await hub.api('GET', `/api/v1/messages/${other}`)).toMatchObject({ type: 'com.example.other', source: 'plain' });
    const batch = await hub.call('POST', '/v1/messages', [event, { ...event, id: 'e3' }], {
      'content-type': 'application/cloudevents-batch+json',
    });
    expect(listAt(batch.body, '')).toMatchObject([
      { status: 202, messageId: id, duplicate: true },
      { status: 202, duplicate: false },
    ]);
    expect((await hub.call('POST', '/v1/messages', { ...event, id: 'e4', source: '/nowhere' }, events)).status).toBe(422);
  });

  it('lets a key publish only as its spokes, and do nothing else', async () => {
    const { hub } = test;
    const created = await hub.api('POST', '/api/v1/keys', { name: 'only-plain', role: 'publish', spokes: ['plain'] });
    const as = { authorization: `Bearer ${textAt(created, 'key')}` };
    expect((await hub.call('POST', '/v1/messages', { source: 'plain', type: 'a', data: 1 }, as)).status).toBe(202);
    expect((await hub.call('POST', '/v1/messages', { source: 'caller-none', type: 'a', data: 1 }, as)).status).toBe(403);
    expect((await hub.call('GET', '/api/v1/messages', undefined, as)).status).toBe(403);
    const event = { specversion: '1.0', id: 'e5', source: '/anything', type: 'x' };
    expect((await hub.call('POST', '/v1/messages', event, { ...as, ...events })).status).toBe(202);
    expect((await hub.call('POST', '/v1/messages', {}, { authorization: 'Bearer wrong' })).status).toBe(401);
  });
});
