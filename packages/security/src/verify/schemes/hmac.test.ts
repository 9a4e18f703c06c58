import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compileVerifier } from '../compile-verifier.ts';
import { BODY, clockAt, NOW_MS, NOW_SECONDS, rawRequest, SECRET, schemeOf } from '../request.fixture.ts';
import { verifySchemeProblems } from '../scheme-problems.ts';

const send = (options: Record<string, unknown>, headers: Record<string, string>, secret = SECRET) =>
  compileVerifier([schemeOf('hmac', [secret], options)], { clock: clockAt(NOW_MS) })(
    rawRequest({ headers, target: '/in/hs?x=1', publicUrl: 'https://hub.example/in/hs?x=1' }),
  );
const mac = (text: string, algorithm = 'sha256', key: string | Buffer = SECRET) => createHmac(algorithm, key).update(text);

describe('what is signed', () => {
  it('signs the body in hexadecimal SHA-256 when only the header is configured', async () => {
    const signature = '1f5f637644edd1b7551c96e61fcee6b5f49aeee77e99eacc1005acbdb6d11a46';
    expect(await send({ header: 'X-Sig' }, { 'x-sig': signature })).toEqual({ ok: true });
    expect(await send({ header: 'X-Sig' }, { 'x-sig': signature.toUpperCase() })).toEqual({ ok: true });
  });

  it.each(['sha1', 'sha256', 'sha384', 'sha512'])('knows %s', async (algorithm) => {
    expect(await send({ header: 'x-sig', algorithm }, { 'x-sig': mac(BODY, algorithm).digest('hex') })).toEqual({ ok: true });
  });

  it.each(['hex', 'base64', 'base64url'] as const)('knows signatures in %s', async (encoding) => {
    expect(await send({ header: 'x-sig', encoding }, { 'x-sig': mac(BODY).digest(encoding) })).toEqual({ ok: true });
  });

  it('fills every placeholder', async () => {
    const signed = '{method}|{url}|{target}|{path}|{timestamp}|{header:x-id}|{body}';
    const options = { header: 'x-sig', signed, timestampHeader: 'x-time', idHeader: 'x-id', typeHeader: 'x-type' };
    const text = `POST|https://hub.example/in/hs?x=1|/in/hs?x=1|/in/hs|${NOW_SECONDS}|id-7|${BODY}`;
    const headers = { 'x-sig': mac(text).digest('hex'), 'x-time': NOW_SECONDS, 'x-id': 'id-7', 'x-type': 'order.created' };
    expect(await send(options, headers)).toEqual({ ok: true, signedId: 'id-7', eventType: 'order.created' });
    expect(await send(options, { ...headers, 'x-id': 'id-8' })).toMatchObject({ ok: false });
  });

  it('reads secrets in base64 and hexadecimal', async () => {
    const key = Buffer.from('00ff10', 'hex');
    const headers = { 'x-sig': mac(BODY, 'sha256', key).digest('hex') };
    expect(await send({ header: 'x-sig', secretEncoding: 'hex' }, headers, '00ff10')).toEqual({ ok: true });
    expect(await send({ header: 'x-sig', secretEncoding: 'base64' }, headers, key.toString('base64'))).toEqual({ ok: true });
  });

  it('reads RFC 3339 times', async () => {
    const options = { header: 'x-sig', signed: '{timestamp}{body}', timestampHeader: 'x-time', timestampUnit: 'rfc3339', tolerance: '10s' };
    const at = (time: string) => send(options, { 'x-time': time, 'x-sig': mac(`${time}${BODY}`).digest('hex') });
    expect(await at('2023-11-14T22:13:20Z')).toMatchObject({ ok: true });
    expect(await at('2023-11-14T23:13:25+01:00')).toMatchObject({ ok: true });
    expect(await at('2023-11-14T22:13:31Z')).toMatchObject({ ok: false });
    expect(await at('14 Nov 2023 22:13:20')).toMatchObject({ ok: false });
  });
});

describe('what tells a repeat', () => {
  it('is an unsigned id together with the digest', async () => {
    const headers = { 'x-sig': mac(BODY).digest('hex'), 'x-id': 'id-7' };
    expect(await send({ header: 'x-sig', idHeader: 'x-id' }, headers)).toEqual({ ok: true, deliveryId: 'id-7', rememberDigest: true });
    const { 'x-id': _left, ...without } = headers;
    expect(await send({ header: 'x-sig', idHeader: 'x-id' }, without)).toEqual({ ok: true, rememberDigest: true });
  });

  it('is the signature when a time is signed and there is no id, however it is spelt', async () => {
    const options = { header: 'x-sig', signed: '{timestamp}.{body}', timestampHeader: 'x-time' };
    const signature = mac(`${NOW_SECONDS}.${BODY}`).digest('hex');
    const first = await send(options, { 'x-sig': signature, 'x-time': NOW_SECONDS });
    expect(first).toMatchObject({ ok: true, deliveryId: expect.stringContaining('signature-') });
    expect(await send(options, { 'x-sig': signature.toUpperCase(), 'x-time': NOW_SECONDS })).toEqual(first);
  });
});

describe('configurations that prove nothing', () => {
  const paths = (options: Record<string, unknown>, secret = SECRET) =>
    verifySchemeProblems(schemeOf('hmac', [secret], options)).map(({ path }) => path);

  it.each([
    [{}, '/header'],
    [{ header: 'x sig' }, '/header'],
    [{ header: 'x-sig', signed: '{url}' }, '/signed'],
    [{ header: 'x-sig', signed: '{nonsense}{body}' }, '/signed'],
    [{ header: 'x-sig', signed: '{body' }, '/signed'],
    [{ header: 'x-sig', signed: '{timestamp}{body}' }, '/timestampHeader'],
    [{ header: 'x-sig', timestampHeader: 'x-time' }, '/signed'],
    [{ header: 'x-sig', algorithm: 'md5' }, '/algorithm'],
    [{ header: 'x-sig', tolerance: 'soon' }, '/tolerance'],
    [{ header: 'x-sig', secretEncoding: 'hex' }, '/secret'],
    [{ header: 'x-sig', colour: 'red' }, '/colour'],
  ])('%j is refused at %s', (options, path) => {
    expect(paths(options)).toEqual([path]);
  });
});
