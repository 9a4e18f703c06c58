/** The schemes without a signature: api-key, basic, ip-allow, mtls, none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileVerifier } from '../compile-verifier.ts';
import { clockAt, NOW_MS, rawRequest, schemeOf } from '../request.fixture.ts';
import { verifySchemeProblems } from '../scheme-problems.ts';

type Given = Parameters<typeof rawRequest>[0];
const verify = (scheme: string, secrets: string[], options: Record<string, unknown>, given: Given) =>
  compileVerifier([schemeOf(scheme, secrets, options)], { clock: clockAt(NOW_MS) })(rawRequest(given));
const pathsOf = (scheme: string, secrets: string[], options: Record<string, unknown>) =>
  verifySchemeProblems(schemeOf(scheme, secrets, options)).map(({ path }) => path);

describe('api-key', () => {
  it('reads the configured header, prefix and query', async () => {
    expect(await verify('api-key', ['k1'], {}, { headers: { 'x-api-key': 'k1' } })).toEqual({ ok: true, callerIdempotencyKey: true });
    expect(await verify('api-key', ['k1'], { header: 'Token', prefix: 'Key ' }, { headers: { token: 'Key k1' } })).toMatchObject({
      ok: true,
    });
    expect(await verify('api-key', ['k1'], { header: 'Token', prefix: 'Key ' }, { headers: { token: 'k1' } })).toMatchObject({ ok: false });
    expect(await verify('api-key', ['k1'], { query: 'key' }, { query: { key: 'k1' } })).toMatchObject({ ok: true });
  });

  it('looks nowhere else', async () => {
    expect(await verify('api-key', ['k1'], { query: 'key' }, { headers: { 'x-api-key': 'k1' } })).toMatchObject({ ok: false });
    expect(await verify('api-key', ['k1'], {}, { query: { 'x-api-key': 'k1' } })).toMatchObject({ ok: false });
    expect(await verify('api-key', ['k1'], { header: 'constructor', query: 'constructor' }, {})).toMatchObject({ ok: false });
  });

  it('needs a key', () => {
    expect(pathsOf('api-key', [], {})).toEqual(['/secret']);
    expect(pathsOf('api-key', [''], {})).toEqual(['/secret']);
  });
});

describe('basic', () => {
  const header = (text: string) => ({ headers: { authorization: `basic ${Buffer.from(text).toString('base64')}` } });

  it('knows the name apart or within the secret, and colons in passwords', async () => {
    expect(await verify('basic', ['pä:ss'], { username: 'shop' }, header('shop:pä:ss'))).toEqual({ ok: true, callerIdempotencyKey: true });
    expect(await verify('basic', ['shop:pass'], {}, header('shop:pass'))).toMatchObject({ ok: true });
    expect(await verify('basic', ['pass'], { username: 'shop' }, header('other:pass'))).toMatchObject({ ok: false });
  });

  it('names what is wrong', () => {
    expect(pathsOf('basic', ['password'], {})).toEqual(['/secret']);
    expect(pathsOf('basic', ['password'], { username: 'a:b' })).toEqual(['/username']);
  });
});

describe('ip-allow', () => {
  const cidrs = ['203.0.113.0/24', '2001:db8::/32', '198.51.100.7'];
  const from = (remoteAddress: string, list = cidrs) => verify('ip-allow', [], { cidrs: list }, { remoteAddress });

  it('accepts listed networks and addresses, IPv4 also in its IPv6 wrapping', async () => {
    for (const address of ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8::1', '198.51.100.7']) {
      expect(await from(address)).toEqual({ ok: true });
    }
    expect(await from('203.0.113.9', ['::ffff:203.0.113.0/120'])).toEqual({ ok: true });
  });

  it('refuses all others', async () => {
    for (const address of ['203.0.114.9', '2001:db9::1', '198.51.100.8', '', 'localhost', '203.0.113.9, 1.1.1.1', '0313.0.113.9']) {
      expect(await from(address)).toMatchObject({ ok: false });
    }
  });

  it('never throws, whatever the address looks like', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (address) => {
        expect((await from(address)).ok).toBe(false);
      }),
    );
  });

  it('names bad networks by their place', () => {
    expect(pathsOf('ip-allow', [], { cidrs: ['10.0.0.0/8', '10.0.0.0/33', 'host.example', 'fe80::/129', '1.2.3'] })).toEqual([
      '/cidrs/1',
      '/cidrs/2',
      '/cidrs/3',
      '/cidrs/4',
    ]);
    expect(pathsOf('ip-allow', [], {})).toEqual(['/cidrs']);
    expect(pathsOf('ip-allow', [], { cidrs: [] })).toEqual(['/cidrs']);
  });
});

describe('mtls', () => {
  const fingerprint256 = 'ab'.repeat(32);
  const clientCertificate = { subjectCommonName: 'shop', fingerprint256, subjectAltNames: ['DNS:shop.example', 'IP Address:203.0.113.7'] };
  const colons = fingerprint256.toUpperCase().replace(/..(?=.)/g, '$&:');

  it.each([
    [{ fingerprints: [colons] }, true],
    [{ fingerprints: ['cd'.repeat(32)] }, false],
    [{ commonNames: ['other', 'shop'] }, true],
    [{ commonNames: ['Shop'] }, false],
    [{ subjectAltNames: ['SHOP.example'] }, true],
    [{ subjectAltNames: ['DNS:shop.example'] }, true],
    [{ subjectAltNames: ['URI:shop.example'] }, false],
    [{ fingerprints: [colons], commonNames: ['other'] }, false],
  ])('%j accepts: %s', async (options, ok) => {
    expect(await verify('mtls', [], options, { clientCertificate })).toMatchObject({ ok });
    expect(await verify('mtls', [], options, {})).toMatchObject({ ok: false });
  });

  it('wants at least one list, and fingerprints that are some', () => {
    expect(pathsOf('mtls', [], {})).toEqual(['/fingerprints']);
    expect(pathsOf('mtls', [], { fingerprints: ['ab:cd'] })).toEqual(['/fingerprints/0']);
  });
});

describe('none', () => {
  it('lets everybody in', async () => {
    expect(await verify('none', [], { acknowledge: true }, {})).toEqual({ ok: true, callerIdempotencyKey: true });
    expect(pathsOf('none', [], { acknowledge: 'yes' })).toEqual(['/acknowledge']);
  });
});
