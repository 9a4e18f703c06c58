import { generateKeyPairSync } from 'node:crypto';
import type { GuardedHttp, HttpExchangeRequest, HttpExchangeResult, TokenCache } from '@nave/adapter-kit';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { exchangeAuthorized } from './authorized-exchange.ts';
import type { HttpCredentials } from './credentials.ts';
import { createHttpAuth } from './http-auth.ts';
import { outcomeOfExchange } from './http-outcome.ts';
import type { HttpTls } from './tls-settings.ts';
import { createTokenCache } from './token-cache.ts';

const NOW = 1_700_000_000_000;
const clock = { now: () => NOW };
const tokenUrl = 'https://id.example/token';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const answer = (status: number, body: unknown = {}): HttpExchangeResult => ({
  ok: true,
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
});

function setUp(credentials: HttpCredentials, tokenAnswer = answer(200, { access_token: 'T', expires_in: 3_600 }), tls?: HttpTls) {
  const asked: HttpExchangeRequest[] = [];
  const sent: HttpExchangeRequest[] = [];
  const http: GuardedHttp = {
    async exchange(request) {
      if (request.url !== tokenUrl) return sent.push(request) > 0 ? answer(200) : answer(500);
      asked.push(request);
      return tokenAnswer;
    },
    close: async () => {},
  };
  const keys: string[] = [];
  const inner = createTokenCache({ clock });
  const tokens: TokenCache = {
    get(key, fetch, options) {
      keys.push(`${key} ${options?.durable === true}`);
      return inner.get(key, fetch, options);
    },
    drop: inner.drop,
  };
  const auth = createHttpAuth(credentials, { spoke: 's', http, tokens, clock, tls, random: (count) => new Uint8Array(count).fill(1) });
  const send = async () => {
    const request = { method: 'GET', url: 'https://erp.example/', headers: {}, timeoutMs: 1_000 };
    const exchanged = await exchangeAuthorized(http, auth, request, new AbortController().signal);
    return exchanged.ok ? outcomeOfExchange(exchanged.result, NOW) : exchanged.outcome;
  };
  return { asked, sent, keys, send, form: () => new URLSearchParams(String(asked[0]?.body ?? '')) };
}

const verify = (jwt: string | null, audience: string) => jwtVerify(jwt ?? '', publicKey, { audience, currentDate: new Date(NOW) });

describe('JWTs of the client', () => {
  it('are the grant of RFC 7523: signed, short-lived, for the token endpoint, with the claims asked for', async () => {
    const { send, form, sent } = setUp({
      ...{ type: 'oauth2-jwt-bearer', tokenUrl, issuer: 'svc@example', subject: 'admin@example', privateKey: PEM, algorithm: 'EdDSA' },
      ...{ keyId: 'k1', certificateThumbprint: 'AB'.repeat(20), claims: { scope: 'a b' }, parameters: { resource: 'r' } },
    });
    expect(await send()).toMatchObject({ kind: 'ok' });
    expect(sent[0]?.headers).toMatchObject({ Authorization: 'Bearer T' });
    expect(form().get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(form().get('resource')).toBe('r');
    const { payload } = await verify(form().get('assertion'), tokenUrl);
    expect(payload).toEqual({
      ...{ iss: 'svc@example', sub: 'admin@example', aud: tokenUrl, scope: 'a b' },
      ...{ iat: NOW / 1_000, exp: NOW / 1_000 + 120, jti: Buffer.alloc(16, 1).toString('base64url') },
    });
    expect(decodeProtectedHeader(form().get('assertion') ?? '')).toEqual({
      ...{ alg: 'EdDSA', typ: 'JWT', kid: 'k1', x5t: Buffer.alloc(20, 0xab).toString('base64url') },
    });
  });

  it('are the proof of the client, for whom the provider wants them', async () => {
    const { send, form } = setUp({
      ...{ type: 'oauth2-client-credentials', tokenUrl, clientId: 'c', clientAuth: 'private-key-jwt', privateKey: PEM, algorithm: 'EdDSA' },
      assertionAudience: 'https://id.example',
    });
    await send();
    expect(form().get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    const { payload } = await verify(form().get('client_assertion'), 'https://id.example');
    expect(payload).toMatchObject({ iss: 'c', sub: 'c' });
    expect(form().has('client_secret')).toBe(false);
  });

  it('cannot be made with a key that cannot be read: nothing is asked, nothing of the key is said', async () => {
    const { send, asked } = setUp({ type: 'oauth2-jwt-bearer', tokenUrl, issuer: 'i', privateKey: '-----BEGIN SECRET-----' });
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'rejected', sent: false });
    expect(outcome.detail).not.toContain('SECRET');
    expect(asked).toEqual([]);
  });
});

describe('refresh tokens', () => {
  const credentials = { type: 'oauth2-refresh-token', tokenUrl, clientId: 'c', clientAuth: 'none', refreshToken: 'R-first' } as const;

  it('are shown by public clients with their id alone, and only durably', async () => {
    const { send, form, keys } = setUp(credentials);
    await send();
    expect(Object.fromEntries(form())).toEqual({ grant_type: 'refresh_token', refresh_token: 'R-first', client_id: 'c' });
    expect(keys).toEqual([expect.stringMatching(/ true$/)]);
  });

  it('go on as the same chain when the secret or scope of the client changes, and begin anew with another first one', async () => {
    const keyOf = async (more: object) => {
      const { send, keys } = setUp({ ...credentials, ...more });
      await send();
      return keys[0];
    };
    const key = await keyOf({});
    expect(await keyOf({ clientAuth: 'basic', clientSecret: 'new', scope: 'more' })).toBe(key);
    expect(await keyOf({ refreshToken: 'R-other' })).not.toBe(key);
  });

  it('that are not accepted any more are a refusal that says so, asked for once', async () => {
    const { send, asked } = setUp(credentials, answer(400, { error: 'invalid_grant', error_description: 'R-first was revoked' }));
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'rejected', status: null, sent: false, detail: expect.stringContaining('invalid_grant') });
    expect(outcome.detail).not.toContain('R-first');
    await send();
    expect(asked).toHaveLength(1);
  });
});

describe('TLS of a spoke with a token endpoint elsewhere', () => {
  const certificate = { cert: 'C', key: 'K' };
  const base = { type: 'oauth2-client-credentials', tokenUrl, clientId: 'c', clientSecret: 's' } as const;
  const pins = [`cert-sha256:${'a'.repeat(64)}`];

  it('trusts the public authorities and the one of the spoke there, without its pins and its name', async () => {
    const { send, asked, sent } = setUp({ ...base, clientCertificate: certificate }, undefined, { ca: 'A', pins, servername: 'x' });
    await send();
    expect(sent[0]?.tls).toEqual({ ca: 'A', pins, servername: 'x', ...certificate });
    expect(asked[0]?.tls).toEqual({ ca: 'A', trustPublic: true, ...certificate });
  });

  it('has settings of its own where they are given', async () => {
    const { send, asked, sent } = setUp({ ...base, tokenTls: { pins } });
    await send();
    expect(sent[0]?.tls).toBeUndefined();
    expect(asked[0]?.tls).toEqual({ pins });
  });
});
