/** Vectors published by the providers, and those computed by others than us. */
import type { RawRequest } from '@nave/core';
import { describe, expect, it } from 'vitest';
import { compileVerifier } from '../compile-verifier.ts';
import { BODY, clockAt, NOW_MS, NOW_SECONDS, rawRequest, SECRET, schemeOf } from '../request.fixture.ts';

const verify = (scheme: string, secret: string, request: RawRequest, nowMs = NOW_MS) =>
  compileVerifier([schemeOf(scheme, [secret])], { clock: clockAt(nowMs) })(request);

describe('standard-webhooks', () => {
  const headers = (family: string) => ({
    [`${family}-id`]: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    [`${family}-timestamp`]: '1614265330',
    [`${family}-signature`]: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
  const send = (given: Record<string, string>, secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') =>
    verify('standard-webhooks', secret, rawRequest({ body: '{"test": 2432232314}', headers: given }), 1_614_265_330_000);

  it('accepts the vector of the specification, under both header names', async () => {
    for (const family of ['webhook', 'svix']) {
      expect(await send(headers(family))).toEqual({ ok: true, signedId: 'msg_p5jXN8AQM9LWM0D4loKWxJek', eventType: { bodyField: 'type' } });
    }
  });

  it('accepts a secret without its prefix', async () => {
    expect(await send(headers('webhook'), 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toMatchObject({ ok: true });
  });

  it('accepts when one of several signatures matches and skips versions it does not know', async () => {
    const signed = headers('webhook');
    const several = `v1a,abc v1,AAAA ${signed['webhook-signature']} v2,xyz`;
    expect(await send({ ...signed, 'webhook-signature': several })).toMatchObject({ ok: true });
    expect(await send({ ...signed, 'webhook-signature': several.replace(' v1,g0', ' v1a,g0') })).toMatchObject({ ok: false });
  });

  it('refuses another id, and header names of both families mixed', async () => {
    const signed = headers('webhook');
    expect(await send({ ...signed, 'webhook-id': 'msg_other' })).toMatchObject({ ok: false });
    expect(await send({ ...headers('svix'), 'webhook-signature': signed['webhook-signature'] ?? '' })).toMatchObject({ ok: false });
  });

  it('accepts the vector of the fact sheet', async () => {
    const request = rawRequest({
      headers: {
        'webhook-id': 'msg_1',
        'webhook-timestamp': NOW_SECONDS,
        'webhook-signature': 'v1,fNrYb4dsRI3lkRgiCDBQWMfzLgli7xMj+pQHRNEwJ50=',
      },
    });
    expect(await verify('standard-webhooks', 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=', request)).toMatchObject({ ok: true });
  });
});

describe('stripe', () => {
  const signature = '7e20f4d04901c5d68deb886cfd7eec01a01825b08d20aeffeb37820a7ee2c068';
  const send = (header: string) => verify('stripe', SECRET, rawRequest({ headers: { 'stripe-signature': header } }));

  it('takes id and type from the signed body', async () => {
    const verdict = await send(`t=${NOW_SECONDS},v1=${signature},v0=abc`);
    expect(verdict).toEqual({ ok: true, signedId: { bodyField: 'id' }, eventType: { bodyField: 'type' } });
  });

  it('accepts when any v1 matches', async () => {
    expect(await send(`t=${NOW_SECONDS},v1=00,v1=${signature}`)).toMatchObject({ ok: true });
  });

  it('does not accept the right value under another scheme', async () => {
    expect(await send(`t=${NOW_SECONDS},v0=${signature}`)).toMatchObject({ ok: false });
  });
});

describe('github', () => {
  const headers = { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' };
  const send = (more: Record<string, string>) =>
    verify('github', "It's a Secret to Everybody", rawRequest({ body: 'Hello, World!', headers: { ...headers, ...more } }));

  it('accepts the vector of its documentation and remembers the digest, since the delivery id is not signed', async () => {
    const verdict = await send({ 'x-github-delivery': '72d3162e', 'x-github-event': 'push' });
    expect(verdict).toEqual({ ok: true, deliveryId: '72d3162e', eventType: 'push', rememberDigest: true });
    expect(await send({})).toEqual({ ok: true, rememberDigest: true });
  });

  it('does not accept the old SHA-1 header', async () => {
    expect(await verify('github', SECRET, rawRequest({ headers: { 'x-hub-signature': 'sha1=00' } }))).toMatchObject({ ok: false });
  });
});

describe('shopify and woocommerce', () => {
  const signature = 'H19jdkTt0bdVHJbmH87mtfSa7ud+merMEAWsvbbRGkY=';

  it('accepts the vector and reads Shopify id and topic', async () => {
    const headers = { 'x-shopify-hmac-sha256': signature, 'x-shopify-webhook-id': 'w1', 'x-shopify-topic': 'orders/create' };
    expect(await verify('shopify', SECRET, rawRequest({ headers }))).toEqual({
      ok: true,
      deliveryId: 'w1',
      eventType: 'orders/create',
      rememberDigest: true,
    });
  });

  it('accepts the vector and reads WooCommerce id and topic', async () => {
    const headers = { 'x-wc-webhook-signature': signature, 'x-wc-webhook-delivery-id': 'd1', 'x-wc-webhook-topic': 'order.created' };
    expect(await verify('woocommerce', SECRET, rawRequest({ headers }))).toEqual({
      ok: true,
      deliveryId: 'd1',
      eventType: 'order.created',
      rememberDigest: true,
    });
  });

  it('answers the unsigned ping and nothing else without a signature', async () => {
    const ping = (body: string, headers = {}) => verify('woocommerce', SECRET, rawRequest({ body, headers }));
    expect(await ping('webhook_id=42')).toMatchObject({ ok: true, handshake: { status: 200 } });
    expect(await ping('webhook_id=42&x=1')).toMatchObject({ ok: false });
    expect(await ping('webhook_id=')).toMatchObject({ ok: false });
    expect(await ping('{"id":1}')).toMatchObject({ ok: false });
    expect(await ping('webhook_id=42', { 'x-wc-webhook-signature': 'AAAA' })).toMatchObject({ ok: false });
  });
});

describe('slack', () => {
  it('accepts the vector of its documentation', async () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA' +
      '&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554' +
      '%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    const verdict = await verify('slack', '8f742231b10e8888abcd99yyyzzz85a5', rawRequest({ body, headers }), 1_531_420_618_000);
    expect(verdict).toMatchObject({ ok: true, signedId: { bodyField: 'event_id' }, eventType: { bodyField: 'event.type' } });
  });

  it('accepts the vector of the fact sheet and gives a repeat the same id', async () => {
    const headers = {
      'x-slack-request-timestamp': NOW_SECONDS,
      'x-slack-signature': 'v0=9f1233fac1fd70859168bf4f4d46d2b2ee8c06f227115760de40a2a22c21214d',
    };
    const verdict = await verify('slack', SECRET, rawRequest({ headers }));
    expect(verdict).toMatchObject({ ok: true, deliveryId: expect.stringMatching(/^signature-[0-9a-f]{40}$/) });
    expect(await verify('slack', SECRET, rawRequest({ headers }))).toEqual(verdict);
  });
});

describe('hubspot-v3', () => {
  it('accepts the vector of the fact sheet', async () => {
    const headers = {
      'x-hubspot-request-timestamp': String(NOW_MS),
      'x-hubspot-signature-v3': '61QeeV+yV5OWDanGCG+IQHjimgElbtA2BNYA4lWLDpw=',
    };
    expect(await verify('hubspot-v3', SECRET, rawRequest({ body: BODY, headers }))).toMatchObject({ ok: true });
    expect(await verify('hubspot-v3', SECRET, rawRequest({ headers, method: 'PUT' }))).toMatchObject({ ok: false });
  });
});

describe('twilio', () => {
  const form = 'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212';
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  const send = (publicUrl: string, signature: string, body = form) =>
    verify(
      'twilio',
      '12345',
      rawRequest({
        body,
        publicUrl,
        query: Object.fromEntries(new URL(publicUrl).searchParams),
        headers: {
          'x-twilio-signature': signature,
          'content-type': body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded; charset=UTF-8',
        },
      }),
    );

  it('accepts the vector of its documentation and takes the id from the form', async () => {
    expect(await send(url, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=')).toEqual({ ok: true, signedId: 'CA1234567890ABCDE' });
  });

  it('accepts the URL with and without a port, as its libraries do', async () => {
    expect(await send(url.replace('.com', '.com:1234'), 'RSOYDt4T1cUTdK1PDd93/VVr8B8=')).toMatchObject({ ok: true });
    expect(await send(url, 'kvajT1Ptam85bY51eRf/AJRuM3w=')).toMatchObject({ ok: true });
    expect(await send(url.replace('https', 'http'), '0ZXoZLH/DfblKGATFgpif+LLRf4=')).toMatchObject({ ok: true });
    expect(await send(url.replace('https', 'http').replace('.com', '.com:1234'), 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU=')).toMatchObject({
      ok: true,
    });
  });

  it('accepts characters that URL parsers escape', async () => {
    expect(await send(`${url}&Body=It's+amazing`, 'dsq4Ehbj6cs+KdTkpF5sSSplOWw=')).toMatchObject({ ok: true });
  });

  it('sorts repeated values and counts them once', async () => {
    const repeated =
      'MessagingBinding.Address=%2B1415xxxxxxx&MessagingBinding.Address=%2B1325xxxxxxx&MessagingBinding.Address=%2B1415xxxxxxx';
    expect(await send(url, '83O6e2vORAoJHUNzJjDWN1jz+BA=', repeated)).toMatchObject({ ok: true });
    expect(await send(url, 'IK+Dwps556ElfBT0I3Rgjkr1wJU=', 'Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234')).toEqual({
      ok: true,
    });
  });

  it('checks the hash of a JSON body that the signed URL carries', async () => {
    const body = '{"property": "value", "boolean": true}';
    const hashed = `${url}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620`;
    expect(await send(hashed, 'a9nBmqA0ju/hNViExpshrM61xv4=', body)).toEqual({
      ok: true,
      signedId: { bodyField: ['MessageSid', 'CallSid'] },
    });
    expect(await send(hashed, 'a9nBmqA0ju/hNViExpshrM61xv4=', body.replace('true', 'null'))).toMatchObject({ ok: false });
  });

  it('refuses a body that neither the form nor the URL covers', async () => {
    expect(await send(url, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', '{"unsigned":true}')).toMatchObject({ ok: false });
  });

  it('refuses a form with absurdly many parameters before sorting it', async () => {
    expect(await send(url, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', 'a&'.repeat(100_000))).toMatchObject({
      ok: false,
      reason: 'the form has too many parameters',
    });
  });
});
