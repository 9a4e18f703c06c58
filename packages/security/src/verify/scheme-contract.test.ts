/** What every scheme with a secret must hold, whatever it looks like on the wire. */
import { createHmac } from 'node:crypto';
import type { RawRequest } from '@nave/core';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { signStandardWebhook } from '../signing/sign-standard-webhook.ts';
import { compileVerifier } from './compile-verifier.ts';
import { VERIFY_SCHEMES } from './registry.ts';
import { BODY, clockAt, NOW_MS, rawRequest } from './request.fixture.ts';

interface Sample {
  scheme: string;
  options?: Record<string, unknown>;
  secrets: [string, string];
  /** The request as the system would send it at a time. */
  send: (secret: string, atMs: number) => RawRequest | Promise<RawRequest>;
  credential: string;
  timed: boolean;
  /** Whether the body is covered. */
  signs: boolean;
}

const mac = (algorithm: string, secret: string, text: string, encoding: 'hex' | 'base64' | 'base64url') =>
  createHmac(algorithm, secret).update(text).digest(encoding);
const seconds = (atMs: number) => String(Math.floor(atMs / 1_000));
const whsec = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '-')).toString('base64')}`;
const plain = (header: string, credential: (secret: string) => string) => (secret: string) =>
  rawRequest({ headers: { [header]: credential(secret), 'content-type': 'application/json' } });

const SAMPLES: Sample[] = [
  {
    scheme: 'standard-webhooks',
    secrets: [whsec('one'), whsec('two')],
    credential: 'webhook-signature',
    timed: true,
    signs: true,
    send: (secret, atMs) =>
      rawRequest({
        headers: signStandardWebhook({ id: 'msg_1', timestampSeconds: atMs / 1_000, body: Buffer.from(BODY), secrets: [secret] }),
      }),
  },
  {
    scheme: 'stripe',
    secrets: ['whsec_one', 'whsec_two'],
    credential: 'stripe-signature',
    timed: true,
    signs: true,
    send: (secret, atMs) =>
      rawRequest({ headers: { 'stripe-signature': `t=${seconds(atMs)},v1=${mac('sha256', secret, `${seconds(atMs)}.${BODY}`, 'hex')}` } }),
  },
  {
    scheme: 'github',
    secrets: ['one', 'two'],
    credential: 'x-hub-signature-256',
    timed: false,
    signs: true,
    send: plain('x-hub-signature-256', (secret) => `sha256=${mac('sha256', secret, BODY, 'hex')}`),
  },
  {
    scheme: 'shopify',
    secrets: ['one', 'two'],
    credential: 'x-shopify-hmac-sha256',
    timed: false,
    signs: true,
    send: plain('x-shopify-hmac-sha256', (secret) => mac('sha256', secret, BODY, 'base64')),
  },
  {
    scheme: 'slack',
    secrets: ['one', 'two'],
    credential: 'x-slack-signature',
    timed: true,
    signs: true,
    send: (secret, atMs) =>
      rawRequest({
        headers: {
          'x-slack-request-timestamp': seconds(atMs),
          'x-slack-signature': `v0=${mac('sha256', secret, `v0:${seconds(atMs)}:${BODY}`, 'hex')}`,
        },
      }),
  },
  {
    scheme: 'hubspot-v3',
    secrets: ['one', 'two'],
    credential: 'x-hubspot-signature-v3',
    timed: true,
    signs: true,
    send: (secret, atMs) =>
      rawRequest({
        headers: {
          'x-hubspot-request-timestamp': String(atMs),
          'x-hubspot-signature-v3': mac('sha256', secret, `POSThttps://hub.example/in/hs${BODY}${atMs}`, 'base64'),
        },
      }),
  },
  {
    scheme: 'twilio',
    secrets: ['one', 'two'],
    credential: 'x-twilio-signature',
    timed: false,
    signs: true,
    send: (secret) =>
      rawRequest({
        body: 'MessageSid=SM1&Body=hi',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': mac('sha1', secret, 'https://hub.example/in/hsBodyhiMessageSidSM1', 'base64'),
        },
      }),
  },
  {
    scheme: 'woocommerce',
    secrets: ['one', 'two'],
    credential: 'x-wc-webhook-signature',
    timed: false,
    signs: true,
    send: plain('x-wc-webhook-signature', (secret) => mac('sha256', secret, BODY, 'base64')),
  },
  {
    scheme: 'hmac',
    options: {
      header: 'X-Sign',
      algorithm: 'sha512',
      encoding: 'base64url',
      prefix: 'v9:',
      signed: '{method} {url} {timestamp} {body}',
      timestampHeader: 'X-Time',
      timestampUnit: 'ms',
    },
    secrets: ['one', 'two'],
    credential: 'x-sign',
    timed: true,
    signs: true,
    send: (secret, atMs) =>
      rawRequest({
        headers: {
          'x-time': String(atMs),
          'x-sign': `v9:${mac('sha512', secret, `POST https://hub.example/in/hs ${atMs} ${BODY}`, 'base64url')}`,
        },
      }),
  },
  {
    scheme: 'jwt',
    options: { maxAge: '5m' },
    secrets: ['one'.padEnd(64, '-'), 'two'.padEnd(64, '-')],
    credential: 'authorization',
    timed: true,
    signs: false,
    send: async (secret, atMs) => {
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt(Math.floor(atMs / 1_000))
        .sign(Buffer.from(secret));
      return rawRequest({ headers: { authorization: `Bearer ${token}` } });
    },
  },
  {
    scheme: 'basic',
    options: { username: 'shop' },
    secrets: ['one', 'two'],
    credential: 'authorization',
    timed: false,
    signs: false,
    send: plain('authorization', (secret) => `Basic ${Buffer.from(`shop:${secret}`).toString('base64')}`),
  },
  {
    scheme: 'api-key',
    secrets: ['key-one', 'key-two'],
    credential: 'x-api-key',
    timed: false,
    signs: false,
    send: plain('x-api-key', (secret) => secret),
  },
];

it('has a sample for every scheme that takes a secret', () => {
  // The secret of a UsernameToken is in the envelope, not in a header: it has tests of its own.
  const without = ['ip-allow', 'mtls', 'none', 'ws-username-token'];
  expect(SAMPLES.map(({ scheme }) => scheme).sort()).toEqual(VERIFY_SCHEMES.filter((name) => !without.includes(name)).sort());
});

describe.each(SAMPLES)('$scheme', ({ scheme, options = {}, secrets, send, credential, timed, signs }) => {
  const [first, second] = secrets;
  const verifierAt = (nowMs: number, entries: { secret: string; notAfterMs: number | null }[] = [{ secret: first, notAfterMs: null }]) =>
    compileVerifier([{ scheme, secrets: entries, options }], { clock: clockAt(nowMs) });
  const verify = verifierAt(NOW_MS);
  let good: RawRequest;
  beforeAll(async () => {
    good = await send(first, NOW_MS);
  });

  it('accepts what its sender signs', async () => {
    expect(await verify(good)).toMatchObject({ ok: true });
  });

  it('refuses another secret', async () => {
    expect(await verify(await send(second, NOW_MS))).toMatchObject({ ok: false });
  });

  if (signs)
    it('refuses a body of which one byte changed', async () => {
      for (const at of [0, good.body.length - 1]) {
        const body = Uint8Array.from(good.body);
        body[at] = (body[at] ?? 0) ^ 1;
        expect(await verify({ ...good, body })).toMatchObject({ ok: false });
      }
      expect(await verify({ ...good, body: new Uint8Array(0) })).toMatchObject({ ok: false });
    });

  it('refuses a credential of which one character changed', async () => {
    const value = good.headers[credential] ?? '';
    const at = value.length - 5;
    const changed = value.slice(0, at) + (value[at] === 'a' ? 'b' : 'a') + value.slice(at + 1);
    expect(await verify({ ...good, headers: { ...good.headers, [credential]: changed } })).toMatchObject({ ok: false });
  });

  it('refuses when a header is missing or empty', async () => {
    for (const name of Object.keys(good.headers).filter((each) => each !== 'content-type')) {
      const { [name]: _left, ...others } = good.headers;
      expect(await verify({ ...good, headers: others })).toMatchObject({ ok: false, reason: expect.any(String) });
      expect(await verify({ ...good, headers: { ...others, [name]: '' } })).toMatchObject({ ok: false });
    }
  });

  if (timed)
    it('refuses what is older or younger than five minutes', async () => {
      expect(await verifierAt(NOW_MS + 299_000)(good)).toMatchObject({ ok: true });
      expect(await verifierAt(NOW_MS + 306_000)(good)).toMatchObject({ ok: false });
      expect(await verifierAt(NOW_MS - 306_000)(good)).toMatchObject({ ok: false });
    });

  it('accepts a second secret until its end and not after it', async () => {
    const entries = [
      { secret: first, notAfterMs: null },
      { secret: second, notAfterMs: NOW_MS + 10 },
    ];
    const signed = await send(second, NOW_MS);
    expect(await verifierAt(NOW_MS + 10, entries)(signed)).toMatchObject({ ok: true });
    expect(await verifierAt(NOW_MS + 11, entries)(signed)).toMatchObject({ ok: false });
    expect(await verifierAt(NOW_MS + 11, entries)(good)).toMatchObject({ ok: true });
  });

  it('refuses everything once every secret has expired', async () => {
    expect(await verifierAt(NOW_MS, [{ secret: first, notAfterMs: NOW_MS - 1 }])(good)).toMatchObject({ ok: false });
  });

  it('neither throws nor accepts, whatever stands in the headers', async () => {
    const prefixes = ['', 'v1,', 't=1700000000,v1=', 'v0=', 'sha256=', 'Bearer ', 'Basic ', 'v9:', 'Bearer e30.e30.'];
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom(...prefixes), fc.oneof(fc.base64String(), fc.string(), fc.stringMatching(/^[0-9a-f]{0,64}$/)))
        .map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(value, value, async (credentialText, other) => {
        const headers = { ...good.headers };
        for (const name of Object.keys(headers)) headers[name] = name === credential ? credentialText : other;
        expect((await verify({ ...good, headers })).ok).toBe(false);
        expect((await verify({ ...good, headers: { ...good.headers, [credential]: credentialText } })).ok).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
