import { isHubError } from '@nave/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileVerifier } from '../verify/compile-verifier.ts';
import { rawRequest, schemeOf } from '../verify/request.fixture.ts';
import { signStandardWebhook } from './sign-standard-webhook.ts';

const OLD = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=';
const NEW = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

it('signs the vector of the specification', () => {
  const body = Buffer.from('{"test": 2432232314}');
  expect(signStandardWebhook({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampSeconds: 1_614_265_330, body, secrets: [NEW] })).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('is accepted by a receiver that has either secret while they are being changed', async () => {
  const sent = (body: Uint8Array) =>
    rawRequest({ body, headers: signStandardWebhook({ id: 'd1', timestampSeconds: 1_000, body, secrets: [OLD, NEW] }) });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), async (body) => {
      for (const secret of [OLD, NEW]) {
        const verify = compileVerifier([schemeOf('standard-webhooks', [secret])], { clock: { now: () => 1_000_000 } });
        expect(await verify(sent(body))).toMatchObject({ ok: true, signedId: 'd1' });
      }
    }),
  );
});

it('refuses to sign with nothing or nonsense, and does not repeat the secret', () => {
  for (const secrets of [[], ['whsec_not base64'], ['whsec_'], [OLD, '']]) {
    try {
      signStandardWebhook({ id: 'd1', timestampSeconds: 1, body: new Uint8Array(0), secrets });
      expect.unreachable();
    } catch (error) {
      expect(isHubError(error) && error.code).toBe('request.invalid');
      expect(String(error)).not.toContain('not base64');
    }
  }
});
