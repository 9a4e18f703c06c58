import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { GuardedHttp, HttpExchangeRequest } from '@nave/adapter-kit';
import Provider, { type ClientMetadata } from 'oidc-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exchangeAuthorized } from './authorized-exchange.ts';
import type { HttpCredentials } from './credentials.ts';
import { createGuardedHttp } from './guarded-http.ts';
import { createHttpAuth } from './http-auth.ts';
import { outcomeOfExchange } from './http-outcome.ts';
import { createTokenCache } from './token-cache.ts';

const clock = { now: () => Date.now() };
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ACCOUNT = 'u1';

let provider: Provider;
let issuer: string;
let api: string;
let servers: Server[] = [];
let http: GuardedHttp;
let tokenRequests = 0;

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return `http://127.0.0.1:${address.port}`;
}

const ways: ClientMetadata[] = [
  ...(['client_secret_basic', 'client_secret_post'] as const).map((method) => ({
    client_id: `${method}:id`,
    client_secret: 'se cret/+%',
    token_endpoint_auth_method: method,
  })),
  {
    client_id: 'jwt',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'ES256' }] },
  },
];
const clients = ways.map(
  (client): ClientMetadata => ({
    ...client,
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    redirect_uris: ['https://hub.example/callback'],
    response_types: ['code'],
  }),
);

beforeAll(async () => {
  const front = createServer();
  issuer = await listen(front);
  provider = new Provider(issuer, {
    clients,
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    rotateRefreshToken: true,
    scopes: ['openid', 'offline_access', 'api'],
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    ttl: { ClientCredentials: 3600, AccessToken: 3600, RefreshToken: 86_400, Grant: 86_400 },
  });
  const handle = provider.callback();
  front.on('request', (request, response) => {
    tokenRequests += 1;
    void handle(request, response);
  });
  // What the tokens open: 401 for whatever the provider does not know.
  api = await listen(
    createServer((request, response) => {
      const token = (request.headers.authorization ?? '').replace('Bearer ', '');
      void Promise.all([provider.ClientCredentials.find(token), provider.AccessToken.find(token)]).then((found) => {
        const known = found.find((each) => each !== undefined);
        response.writeHead(known === undefined ? 401 : 200).end(known?.clientId);
      });
    }),
  );
  http = createGuardedHttp({ guard: { check: (_host, _port, addresses) => ({ ok: true, addresses }) } });
});
afterAll(async () => {
  await http.close();
  for (const server of servers) server.close();
  servers = [];
});
beforeEach(() => {
  tokenRequests = 0;
});

/** Sends as a kind does, with a token cache of its own. */
function spoke(credentials: HttpCredentials) {
  const tokens = createTokenCache({ clock });
  const auth = createHttpAuth(credentials, { spoke: 'erp', http, tokens, clock });
  const sent: string[] = [];
  const send = async () => {
    const request: HttpExchangeRequest = { method: 'GET', url: api, headers: {}, timeoutMs: 60_000 };
    const answer = await exchangeAuthorized(http, auth, request, new AbortController().signal);
    if (!answer.ok) return answer.outcome;
    sent.push((answer.request.headers['Authorization'] ?? '').replace('Bearer ', ''));
    const outcome = outcomeOfExchange(answer.result, clock.now());
    return { ...outcome, text: Buffer.from(outcome.response?.body ?? '').toString() };
  };
  return { send, sent };
}

async function revoke(token: string): Promise<void> {
  await (await provider.ClientCredentials.find(token))?.destroy();
  await (await provider.AccessToken.find(token))?.destroy();
}

const base = { tokenUrl: '', clientId: '' };
const clientCredentials = (more: object): HttpCredentials => ({
  ...base,
  type: 'oauth2-client-credentials',
  tokenUrl: `${issuer}/token`,
  ...more,
});
const SECRET = { clientSecret: 'se cret/+%' };
const JWT = { clientId: 'jwt', clientAuth: 'private-key-jwt', privateKey: PEM, algorithm: 'ES256', keyId: 'k1' } as const;

describe('client credentials at an OIDC provider', () => {
  it.each([
    ['client_secret_basic', { clientId: 'client_secret_basic:id', ...SECRET }],
    ['client_secret_post', { clientId: 'client_secret_post:id', clientAuth: 'body', ...SECRET }],
    ['private_key_jwt', JWT],
  ])('with %s: one token for many requests, a new one when it is revoked', async (_name, more) => {
    const { send, sent } = spoke(clientCredentials({ ...more, ...('privateKey' in more ? { assertionAudience: issuer } : {}) }));
    expect(await Promise.all([send(), send(), send()])).toMatchObject([1, 2, 3].map(() => ({ kind: 'ok', text: more.clientId })));
    expect(new Set(sent).size).toBe(1);
    expect(tokenRequests).toBe(1);
    await revoke(sent[0] ?? '');
    expect(await Promise.all([send(), send(), send()])).toMatchObject([1, 2, 3].map(() => ({ kind: 'ok' })));
    expect(new Set(sent).size).toBe(2);
    expect(tokenRequests).toBe(2);
  });

  it.each([
    ['a wrong secret', { clientId: 'client_secret_basic:id', clientSecret: 'wrong-SECRET' }],
    ['an unknown client', { clientId: 'nobody', clientSecret: 'wrong-SECRET' }],
    ['another way than the registered one', { clientId: 'client_secret_post:id', clientSecret: 'wrong-SECRET' }],
    ['a JWT for somebody else', { ...JWT, assertionAudience: 'https://other.example' }],
    [
      'a JWT of another key',
      {
        ...JWT,
        privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
    ],
    ['a key that does not fit', { ...JWT, algorithm: 'RS256' }],
  ])('is refused with %s, and nothing secret is said', async (_name, more) => {
    const outcome = await spoke(clientCredentials(more)).send();
    expect(outcome).toMatchObject({ kind: 'rejected', status: null, sent: false });
    expect(outcome.detail).not.toMatch(/SECRET|PRIVATE/);
  });
});

describe('refresh tokens that rotate', () => {
  async function grantedToken(clientId: string): Promise<string> {
    const client = await provider.Client.find(clientId);
    if (client === undefined) throw new Error('no client');
    const grant = new provider.Grant({ clientId, accountId: ACCOUNT });
    grant.addOIDCScope('openid offline_access');
    const grantId = await grant.save();
    const token = new provider.RefreshToken({
      ...{ client, accountId: ACCOUNT, grantId, scope: 'openid offline_access' },
      ...{
        gty: 'authorization_code',
        claims: {},
        acr: undefined,
        amr: undefined,
        authTime: undefined,
        nonce: undefined,
        resource: undefined,
      },
      ...{ sessionUid: undefined, expiresWithSession: false },
    });
    return token.save();
  }
  const refreshing = (refreshToken: string, more: object = {}): HttpCredentials => ({
    ...{ type: 'oauth2-refresh-token', tokenUrl: `${issuer}/token`, clientId: 'client_secret_basic:id', ...SECRET, refreshToken },
    ...more,
  });

  it('are each used once, however often the access token is revoked', async () => {
    const { send, sent } = spoke(refreshing(await grantedToken('client_secret_basic:id')));
    for (let n = 0; n < 4; n += 1) {
      expect(await Promise.all([send(), send()])).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }]);
      await revoke(sent.at(-1) ?? '');
    }
    expect(tokenRequests).toBe(4);
    expect(new Set(sent).size).toBe(4);
  });

  it('work with private_key_jwt', async () => {
    const { send } = spoke(refreshing(await grantedToken('jwt'), { ...JWT, assertionAudience: issuer, clientSecret: undefined }));
    expect(await send()).toMatchObject({ kind: 'ok', text: 'jwt' });
  });

  it('that were used before end the grant, and the outcome says what is over', async () => {
    const first = await grantedToken('client_secret_basic:id');
    const [owner, thief] = [spoke(refreshing(first)), spoke(refreshing(first))];
    expect(await owner.send()).toMatchObject({ kind: 'ok' });
    const outcome = await thief.send();
    expect(outcome).toMatchObject({ kind: 'rejected', sent: false, detail: expect.stringContaining('invalid_grant') });
    expect(outcome.detail).not.toContain(first);
    // Reuse is what a stolen token looks like: the provider revokes all that came of it.
    expect(await owner.send()).toMatchObject({ kind: 'rejected', detail: expect.stringContaining('invalid_grant') });
  });
});
