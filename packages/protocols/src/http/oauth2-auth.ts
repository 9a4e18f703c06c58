/** The three ways to an OAuth 2 access token that need nobody at a screen: client credentials, refresh token, JWT bearer. */
import type { TokenAnswer } from '@nave/adapter-kit';
import type { OAuth2ClientCredentials, OAuth2JwtBearer, OAuth2RefreshToken } from './credentials.ts';
import { withHeader } from './header-rules.ts';
import type { AuthParts, HttpAuth } from './http-auth.ts';
import { proveClient } from './oauth2-client.ts';
import { signJwt } from './sign-jwt.ts';
import { tokenTlsOf } from './tls-settings.ts';
import { tokenAuth } from './token-auth.ts';
import { requestToken, type TokenRequest, tokenRefused } from './token-endpoint.ts';

type OAuth2Credentials = OAuth2ClientCredentials | OAuth2RefreshToken | OAuth2JwtBearer;

/** RFC 6749 section 4.4. */
export function clientCredentialsAuth(credentials: OAuth2ClientCredentials, parts: AuthParts): HttpAuth {
  const { type, tokenUrl, clientId, clientSecret, privateKey, scope, audience, parameters } = credentials;
  return bearerAuth(credentials, parts, {
    key: [type, tokenUrl, clientId, clientSecret, privateKey, scope, audience, parameters],
    secrets: [clientSecret, privateKey],
    prepare: () => proveClient(credentials, formOf(credentials, 'client_credentials'), parts),
  });
}

/**
 * RFC 6749 section 6, with rotation (RFC 9700 section 4.14.2): a refresh token that was replaced is never used again, and its successor is stored before the
 * access token that came with it is used.
 */
export function refreshTokenAuth(credentials: OAuth2RefreshToken, parts: AuthParts): HttpAuth {
  const { type, tokenUrl, clientId, clientSecret, privateKey, refreshToken } = credentials;
  return bearerAuth(credentials, parts, {
    // Only what starts another chain of refresh tokens: a new secret or scope goes on with the newest of this one.
    key: [type, tokenUrl, clientId, refreshToken],
    secrets: [clientSecret, privateKey, refreshToken],
    durable: true,
    prepare(kept) {
      const form = formOf(credentials, 'refresh_token');
      form.set('refresh_token', kept ?? refreshToken);
      return proveClient(credentials, form, parts);
    },
  });
}

/** RFC 7523 section 2.1. */
export function jwtBearerAuth(credentials: OAuth2JwtBearer, parts: AuthParts): HttpAuth {
  const { type, tokenUrl, issuer, subject = issuer, assertionAudience = tokenUrl, privateKey, scope, audience, parameters } = credentials;
  const { algorithm = 'RS256', keyId, certificateThumbprint, claims = {} } = credentials;
  return bearerAuth(credentials, parts, {
    key: [type, tokenUrl, issuer, subject, assertionAudience, privateKey, keyId, scope, audience, parameters, claims],
    secrets: [privateKey],
    async prepare() {
      const form = formOf(credentials, 'urn:ietf:params:oauth:grant-type:jwt-bearer');
      const signing = { privateKey, algorithm, keyId, certificateThumbprint, claims };
      const id = Buffer.from(parts.random(16)).toString('base64url');
      form.set('assertion', await signJwt({ ...signing, issuer, subject, audience: assertionAudience, id, nowMs: parts.clock.now() }));
      return { form, headers: {} };
    },
  });
}

interface Grant {
  /** What decides which token it is. */
  key: readonly unknown[];
  secrets: readonly (string | undefined)[];
  durable?: boolean;
  prepare: (kept: string | null) => Promise<TokenRequest>;
}

function bearerAuth(credentials: OAuth2Credentials, parts: AuthParts, { key, secrets, durable = false, prepare }: Grant): HttpAuth {
  const { http, clock, tokens, spoke } = parts;
  const tls = tokenTlsOf(parts.tls, credentials.tokenTls, credentials.clientCertificate);

  async function fetch(kept: string | null): Promise<TokenAnswer> {
    let request: TokenRequest;
    try {
      request = await prepare(kept);
    } catch {
      // The message of a key that cannot be read may say something about it.
      return tokenRefused('the client cannot prove who it is: its key cannot be read or does not fit the algorithm');
    }
    return requestToken({ ...request, url: credentials.tokenUrl, tls }, http, clock);
  }

  return tokenAuth({
    tokens,
    key: `${spoke} ${JSON.stringify(key)}`,
    options: { durable },
    redaction: { headers: ['authorization'], query: [], values: secrets.filter((value) => value !== undefined) },
    fetch,
    apply: (request, token) => ({ ...request, headers: withHeader(request.headers, 'Authorization', `Bearer ${token}`) }),
  });
}

function formOf({ scope, audience, parameters = {} }: OAuth2Credentials, grant: string): URLSearchParams {
  const form = new URLSearchParams(parameters);
  form.set('grant_type', grant);
  if (scope !== undefined) form.set('scope', scope);
  if (audience !== undefined) form.set('audience', audience);
  return form;
}
