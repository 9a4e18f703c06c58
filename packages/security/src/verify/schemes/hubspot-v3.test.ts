import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { compileVerifier } from '../compile-verifier.ts';
import { BODY, clockAt, NOW_MS, rawRequest, SECRET, schemeOf } from '../request.fixture.ts';

const verify = compileVerifier([schemeOf('hubspot-v3', [SECRET])], { clock: clockAt(NOW_MS) });
const send = (publicUrl: string, signedUrl: string, timestamp = String(NOW_MS)) => {
  const signature = createHmac('sha256', SECRET).update(`POST${signedUrl}${BODY}${timestamp}`).digest('base64');
  return verify(rawRequest({ publicUrl, headers: { 'x-hubspot-request-timestamp': timestamp, 'x-hubspot-signature-v3': signature } }));
};

it('decodes the escapes of the documented table in the URL and leaves all others', async () => {
  const received = 'https://hub.example/in/hs?to=a%40b.cz%3A%2f%3F%21%24%27%28%29%2A%2C%3B&q=%20%26%3D%25';
  expect(await send(received, "https://hub.example/in/hs?to=a@b.cz:/?!$'()*,;&q=%20%26%3D%25")).toMatchObject({ ok: true });
  expect(await send(received, received)).toMatchObject({ ok: true });
  expect(await send(received, decodeURIComponent(received))).toMatchObject({ ok: false });
});

it('refuses a timestamp in seconds', async () => {
  expect(await send('https://hub.example/in/hs', 'https://hub.example/in/hs', '1700000000')).toMatchObject({ ok: false });
});

it('gives the same call the same delivery id and another call another', async () => {
  const url = 'https://hub.example/in/hs';
  const first = await send(url, url);
  expect(await send(url, url)).toEqual(first);
  expect(await send(url, url, String(NOW_MS + 1))).not.toEqual(first);
});
