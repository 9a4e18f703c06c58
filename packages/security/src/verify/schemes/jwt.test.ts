import { generateKeyPairSync } from 'node:crypto';
import { base64url, exportJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { compileVerifier } from '../compile-verifier.ts';
import { clockAt, NOW_MS, rawRequest, schemeOf } from '../request.fixture.ts';
import type { VerifyDeps } from '../scheme-definition.ts';
import { verifySchemeProblems } from '../scheme-problems.ts';

const NOW_S = NOW_MS / 1_000;
const SECRET = 'a shared secret of a decent length';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const pem = (key: typeof rsa.publicKey) => key.export({ type: 'spki', format: 'pem' }).toString();
const URL_OF_KEYS = 'https://issuer.example/jwks';

type Key = Parameters<SignJWT['sign']>[0];
const token = (alg: string, key: Key, claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  new SignJWT({ exp: NOW_S + 60, ...claims }).setProtectedHeader({ ...header, alg }).sign(key);
const send = async (secrets: string[], options: Record<string, unknown>, jwt: string | Promise<string>, deps: Partial<VerifyDeps> = {}) =>
  compileVerifier([schemeOf('jwt', secrets, options)], { clock: clockAt(NOW_MS), ...deps })(
    rawRequest({ headers: { authorization: `Bearer ${await jwt}` } }),
  );

describe('keys', () => {
  it('accepts a shared secret and lets the caller give the idempotency key', async () => {
    expect(await send([SECRET], {}, token('HS384', Buffer.from(SECRET)))).toEqual({ ok: true, callerIdempotencyKey: true });
  });

  it.each([
    ['RS256', rsa],
    ['PS512', rsa],
    ['ES256', ec],
    ['EdDSA', ed],
  ])('accepts %s with a public key in PEM', async (alg, pair) => {
    expect(await send([pem(pair.publicKey)], {}, token(alg, pair.privateKey))).toMatchObject({ ok: true });
    expect(await send([pem(pair.publicKey)], { algorithms: ['RS512'] }, token(alg, pair.privateKey))).toMatchObject({ ok: false });
  });

  it('never takes a public key as a shared secret', async () => {
    const text = pem(rsa.publicKey);
    expect(await send([text], {}, token('HS256', Buffer.from(text)))).toMatchObject({ ok: false });
  });

  it('never accepts alg none', async () => {
    const part = (value: unknown) => base64url.encode(JSON.stringify(value));
    for (const alg of ['none', 'None', 'NONE', '']) {
      const unsigned = `${part({ alg })}.${part({ exp: NOW_S + 60 })}.`;
      expect(await send([SECRET], {}, unsigned)).toMatchObject({ ok: false });
      expect(await send([pem(rsa.publicKey)], {}, unsigned)).toMatchObject({ ok: false });
    }
  });

  it('ignores keys that the token brings along', async () => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const header = { jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x', jwk: await exportJWK(stranger.publicKey), kid: 'k1' };
    const asked: string[] = [];
    const fetchJwks = async (url: string) => {
      asked.push(url);
      return { keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'k1', alg: 'RS256' }] };
    };
    expect(await send([], { jwksUrl: URL_OF_KEYS }, token('RS256', stranger.privateKey, {}, header), { fetchJwks })).toMatchObject({
      ok: false,
    });
    expect(asked).toEqual([URL_OF_KEYS]);
  });
});

describe('claims', () => {
  const options = { issuer: 'https://a', audience: ['hub', 'other'], subject: 'shop' };
  const claims = { iss: 'https://a', aud: 'hub', sub: 'shop' };
  const shared = (more: Record<string, unknown>, opts: Record<string, unknown> = options) =>
    send([SECRET], opts, token('HS256', Buffer.from(SECRET), { ...claims, ...more }));

  it('checks issuer, audience and subject', async () => {
    expect(await shared({})).toMatchObject({ ok: true });
    expect(await shared({ iss: 'https://b' })).toEqual({ ok: false, reason: 'the claim iss of the token is missing or not accepted' });
    expect(await shared({ aud: 'elsewhere' })).toMatchObject({ ok: false });
    expect(await shared({ sub: undefined })).toMatchObject({ ok: false });
  });

  it('refuses expired and not yet valid tokens', async () => {
    expect(await shared({ exp: NOW_S - 10 })).toEqual({ ok: false, reason: 'the token has expired' });
    expect(await shared({ exp: NOW_S - 10 }, { ...options, tolerance: '1m' })).toMatchObject({ ok: true });
    expect(await shared({ nbf: NOW_S + 60 })).toMatchObject({ ok: false });
  });

  it('refuses tokens without expiry or without age where those are asked for', async () => {
    expect(await shared({ exp: undefined })).toMatchObject({ ok: true });
    expect(await shared({ exp: undefined }, { ...options, requireExpiry: true })).toMatchObject({ ok: false });
    expect(await shared({}, { ...options, maxAge: '1h' })).toMatchObject({ ok: false });
    expect(await shared({ iat: NOW_S - 3_700 }, { ...options, maxAge: '1h' })).toMatchObject({ ok: false });
    expect(await shared({ iat: NOW_S - 3_500 }, { ...options, maxAge: '1h' })).toMatchObject({ ok: true });
  });
});

describe('key sets', () => {
  async function issuer() {
    let nowMs = NOW_MS;
    let fails = false;
    let fetched = 0;
    const keys: unknown[] = [
      { ...(await exportJWK(rsa.publicKey)), kid: 'k1', alg: 'RS256' },
      null,
      7,
      { kty: 'oct', k: 'AAAA', kid: 'k1' },
    ];
    const verify = compileVerifier([schemeOf('jwt', [], { jwksUrl: URL_OF_KEYS })], {
      clock: { now: () => nowMs },
      fetchJwks: async () => {
        fetched++;
        if (fails) throw new Error('down');
        return { keys: [...keys] };
      },
    });
    return {
      keys,
      fetched: () => fetched,
      fail: (value: boolean) => {
        fails = value;
      },
      pass: (ms: number) => {
        nowMs += ms;
      },
      ask: async (kid: string, key: Key = rsa.privateKey) =>
        verify(rawRequest({ headers: { authorization: `Bearer ${await token('RS256', key, { exp: NOW_S + 1e6 }, { kid })}` } })),
    };
  }

  it('are fetched once for many tokens at the same time', async () => {
    const { ask, fetched } = await issuer();
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => ask('k1')));
    expect(verdicts.every(({ ok }) => ok)).toBe(true);
    expect(fetched()).toBe(1);
  });

  it('are fetched again for an unknown key, but not more often than every 30 seconds', async () => {
    const { ask, fetched, keys, pass } = await issuer();
    const next = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await ask('k1');
    keys.push({ ...(await exportJWK(next.publicKey)), kid: 'k2', alg: 'RS256' });
    for (let i = 0; i < 10; i++) expect(await ask('k2', next.privateKey)).toMatchObject({ ok: false });
    expect(fetched()).toBe(1);
    pass(31_000);
    expect(await ask('k2', next.privateKey)).toMatchObject({ ok: true });
    for (let i = 0; i < 10; i++) await ask('k3');
    expect(fetched()).toBe(2);
  });

  it('outlive an issuer that cannot be reached, for a day', async () => {
    const { ask, fail, pass } = await issuer();
    await ask('k1');
    fail(true);
    pass(3_600_000);
    expect(await ask('k1')).toMatchObject({ ok: true });
    pass(86_400_000);
    expect(await ask('k1')).toEqual({ ok: false, reason: 'the keys of the issuer cannot be fetched', unavailable: true });
  });

  it('refuse when they never came, and are asked for again soon', async () => {
    const { ask, fail, fetched, pass } = await issuer();
    fail(true);
    expect(await ask('k1')).toMatchObject({ ok: false });
    expect(await ask('k1')).toMatchObject({ ok: false });
    expect(fetched()).toBe(1);
    fail(false);
    pass(5_000);
    expect(await ask('k1')).toMatchObject({ ok: true });
  });
});

describe('configuration', () => {
  const paths = (secrets: string[], options: Record<string, unknown>) =>
    verifySchemeProblems(schemeOf('jwt', secrets, options)).map(({ path }) => path);

  it('names what is wrong', () => {
    expect(paths([], {})).toEqual(['/secret']);
    expect(paths([SECRET], { jwksUrl: URL_OF_KEYS })).toEqual(['/jwksUrl']);
    expect(paths([], { jwksUrl: 'ftp://x' })).toEqual(['/jwksUrl']);
    expect(paths([SECRET], { algorithms: ['none'] })).toEqual(['/algorithms/0']);
    expect(paths([SECRET], { algorithms: ['RS256'] })).toEqual(['/algorithms']);
    expect(paths([], { jwksUrl: URL_OF_KEYS, algorithms: ['HS256'] })).toEqual(['/algorithms']);
    expect(paths(['-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----'], {})).toEqual(['/secret']);
    expect(paths([rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()], {})).toEqual(['/secret']);
    expect(paths([SECRET], { algorithms: ['HS512'], audience: 'hub', maxAge: 60 })).toEqual([]);
  });
});
