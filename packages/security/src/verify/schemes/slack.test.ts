import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { compileVerifier } from '../compile-verifier.ts';
import { clockAt, NOW_MS, NOW_SECONDS, rawRequest, SECRET, schemeOf } from '../request.fixture.ts';

const verify = compileVerifier([schemeOf('slack', [SECRET])], { clock: clockAt(NOW_MS) });
const sign = (body: string) => `v0=${createHmac('sha256', SECRET).update(`v0:${NOW_SECONDS}:${body}`).digest('hex')}`;
const send = (body: string, signature = sign(body)) =>
  verify(rawRequest({ body, headers: { 'x-slack-request-timestamp': NOW_SECONDS, 'x-slack-signature': signature } }));
const challenge = JSON.stringify({ token: 't', challenge: 'abc', type: 'url_verification' });

it('answers url_verification with the challenge', async () => {
  expect(await send(challenge)).toEqual({ ok: true, handshake: { status: 200, contentType: 'text/plain; charset=utf-8', body: 'abc' } });
});

it('answers no challenge without a valid signature', async () => {
  expect(await send(challenge, 'v0=00')).toMatchObject({ ok: false });
});

it('takes a message that only mentions url_verification as a message', async () => {
  for (const body of [
    JSON.stringify({ event_id: 'Ev1', text: 'url_verification' }),
    'url_verification',
    '"url_verification"',
    challenge.replace('"abc"', '7'),
  ]) {
    const verdict = await send(body);
    expect(verdict).toMatchObject({ ok: true, signedId: { bodyField: 'event_id' } });
    expect(verdict).not.toHaveProperty('handshake');
  }
});
