import type { AdapterContext } from '@nave/adapter-kit';
import { DEFAULT_POLICY, type Logger } from '@nave/core';
import { createGuardedHttp, createTokenCache } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { describeAdapterContract } from '@nave/testkit';
import { describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { selfSignedCertificate } from '../simulator-kit/self-signed-certificate.ts';
import { webhook } from './index.ts';
import { startWebhookReceiver } from './simulator/index.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const SECRET = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=';
const OLD = 'whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w=';
const expressions = createFakeExpressions();
const input = { data: { a: 1 }, raw: { bytes: Buffer.from('{ "a": 1 }'), contentType: 'application/json' } };
const guard = createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] });

describeAdapterContract({
  adapter: webhook,
  startSimulator: () => startWebhookReceiver({ secret: SECRET, now: () => NOW }),
  createHttp(mode) {
    const stalled = mode === 'stalled' ? { resolve: () => new Promise<never>(() => {}) } : {};
    return createGuardedHttp({
      guard: mode === 'refusing' ? createAddressGuard({ allow: [], forbid: [] }) : guard,
      connectTimeoutMs: 1_000,
      ...stalled,
    });
  },
  createTokens: (clock) => createTokenCache({ clock }),
  expressions,
  config: (url) => ({ url: `${url}/hook`, headers: { 'X-Tenant': 'cz' } }),
  credentials: { type: 'standard-webhooks', secret: SECRET, previousSecrets: [OLD] },
  secrets: [SECRET, OLD],
  operation: 'send',
  input,
  injection: { skip: 'headers are fixed in the configuration, where they are checked' },
  lookup: { skip: 'webhooks are not looked up' },
  certificate: selfSignedCertificate,
  refusedAs: {
    401: { skip: 'a check sends nothing signed: what is refused says nothing of the secret' },
    403: { skip: 'a check sends nothing signed: what is refused says nothing of the secret' },
  },
});

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

async function open(url: string, credentials: unknown) {
  const clock = { now: () => NOW };
  const http = createGuardedHttp({ guard });
  const context: AdapterContext<unknown> = {
    spoke: 's',
    credentials,
    policy: DEFAULT_POLICY,
    logger: silent,
    clock,
    expressions,
    http,
    tokens: createTokenCache({ clock }),
  };
  return { http, connection: await webhook.open({ url }, context) };
}
const send = { deliveryId: 'msg_1', messageId: 'm', attempt: 1, operation: 'send', traceparent: null, timeoutMs: 60_000, input };
const never = new AbortController().signal;

describe('webhooks', () => {
  it.each([
    ['the current secret', { type: 'standard-webhooks', secret: SECRET }],
    ['a receiver that still has the previous one', { type: 'standard-webhooks', secret: OLD, previousSecrets: [SECRET] }],
  ])('are accepted by %s, byte for byte, once per id', async (_who, credentials) => {
    const receiver = await startWebhookReceiver({ secret: SECRET, now: () => NOW });
    const { http, connection } = await open(receiver.url, credentials);
    expect(await connection.send(send, never)).toMatchObject({ kind: 'ok', status: 204 });
    await connection.send({ ...send, attempt: 2 }, never);
    expect([...receiver.accepted()].map(([id, body]) => [id, body.toString()])).toEqual([['msg_1', '{ "a": 1 }']]);
    await receiver.close();
    await http.close();
  });

  it('can be sent with any credentials of HTTP instead of a signature', async () => {
    const receiver = await startWebhookReceiver({ now: () => NOW });
    const { http, connection } = await open(receiver.url, { type: 'bearer', token: 'tok-SECRET' });
    const outcome = await connection.send(send, never);
    expect(outcome).toMatchObject({ kind: 'ok', request: { headers: { Authorization: '[redacted]' } } });
    expect(receiver.requests()[0]?.headers).toMatchObject({ authorization: 'Bearer tok-SECRET' });
    expect(receiver.requests()[0]?.headers).not.toHaveProperty('webhook-signature');
    await connection.send({ ...send, input: { data: { a: 1 }, raw: null, json: Buffer.from('{"as": "kept"}') } }, never);
    expect(receiver.requests()[1]?.body.toString()).toBe('{"as": "kept"}');
    await receiver.close();
    await http.close();
  });

  it('are not accepted with another secret', async () => {
    const receiver = await startWebhookReceiver({ secret: SECRET, now: () => NOW });
    const { http, connection } = await open(receiver.url, { type: 'standard-webhooks', secret: OLD });
    expect(await connection.send(send, never)).toMatchObject({ kind: 'rejected', status: 401 });
    await receiver.close();
    await http.close();
  });

  it('carry mapped data as JSON, unsigned without credentials', async () => {
    const receiver = await startWebhookReceiver();
    const { http, connection } = await open(receiver.url, undefined);
    await connection.send({ ...send, input: { data: { id: JSON.rawJSON('12345678901234567890') }, raw: null } }, never);
    expect(receiver.requests()[0]?.body.toString()).toBe('{"id":12345678901234567890}');
    expect(receiver.requests()[0]?.headers).not.toHaveProperty('webhook-signature');
    await receiver.close();
    await http.close();
  });

  it('end at a receiver that is gone', async () => {
    const receiver = await startWebhookReceiver();
    receiver.fail({ kind: 'status', status: 410 });
    const { http, connection } = await open(receiver.url, undefined);
    expect(await connection.send(send, never)).toMatchObject({ kind: 'rejected', status: 410, detail: expect.stringContaining('gone') });
    await receiver.close();
    await http.close();
  });

  it('say what is wrong with their spoke, without the secret', () => {
    const problems = webhook.check(
      { url: 'http://u:p@x/', headers: { Host: 'x', 'Webhook-Id': 'x', 'X-A': 'a\nb' } },
      { type: 'standard-webhooks', secret: 'not base64!', previousSecrets: [SECRET, '?'] },
      { expressions },
    );
    expect(problems.map(({ path }) => path)).toEqual([
      '/config/url',
      '/config/headers/Host',
      '/config/headers/Webhook-Id',
      '/config/headers/X-A',
      '/credentials/secret',
      '/credentials/previousSecrets/1',
    ]);
    expect(JSON.stringify(problems)).not.toContain('not base64!');
  });

  it('follow the schedule that Standard Webhooks recommends', () => {
    expect(webhook.defaults.retry?.attempts).toBe(10);
  });
});
