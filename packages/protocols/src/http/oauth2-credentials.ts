/** Credentials that get access tokens from an OAuth 2 token endpoint (RFC 6749, RFC 7523). */
import { EXPECTED_MARK, secretString } from '@nave/adapter-kit';
import { type Static, Type } from 'typebox';
import { clientCertificate } from './client-certificate.ts';
import { HttpTls } from './tls-settings.ts';

const closed = { additionalProperties: false };

const Algorithm = Type.Union(
  [
    Type.Literal('RS256'),
    Type.Literal('RS384'),
    Type.Literal('RS512'),
    Type.Literal('PS256'),
    Type.Literal('PS384'),
    Type.Literal('PS512'),
    Type.Literal('ES256'),
    Type.Literal('ES384'),
    Type.Literal('ES512'),
    Type.Literal('EdDSA'),
  ],
  { default: 'RS256' },
);

/** A key that signs JWTs and how. */
const signingKey = {
  keyId: Type.Optional(
    Type.String({ minLength: 1, maxLength: 256, description: 'kid of the JWT, where the provider tells keys apart by it' }),
  ),
  algorithm: Type.Optional(Algorithm),
  certificateThumbprint: Type.Optional(
    Type.String({
      pattern: '^[0-9A-Fa-f]{40}$',
      [EXPECTED_MARK]: 'a SHA-1 fingerprint in hex',
      description: 'x5t of the JWT, which Microsoft Entra asks for: the SHA-1 fingerprint of the uploaded certificate',
    }),
  ),
};

const tokenEndpoint = {
  tokenUrl: Type.String({
    maxLength: 2_000,
    pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s@]+$',
    [EXPECTED_MARK]: 'an http or https URL without a user name',
  }),
  scope: Type.Optional(Type.String({ maxLength: 4_096 })),
  audience: Type.Optional(Type.String({ maxLength: 2_000 })),
  parameters: Type.Optional(
    Type.Record(Type.String({ pattern: '^[A-Za-z0-9_.-]{1,100}$' }), Type.String({ maxLength: 2_000 }), {
      ...closed,
      description: 'Further fields of the form that some providers ask for, e.g. resource. Not for secrets',
    }),
  ),
  tokenTls: Type.Optional(HttpTls),
  ...clientCertificate,
};

const clientAuth = {
  clientSecret: Type.Optional(secretString({ description: 'For basic and body' })),
  clientAuth: Type.Optional(
    Type.Union([Type.Literal('basic'), Type.Literal('body'), Type.Literal('private-key-jwt'), Type.Literal('tls'), Type.Literal('none')], {
      default: 'basic',
      description:
        'How the client proves who it is: id and secret in the Authorization header (client_secret_basic) or in the form (client_secret_post), a signed JWT (private_key_jwt), its certificate (tls_client_auth), or not at all',
    }),
  ),
  privateKey: Type.Optional(secretString({ description: 'For private-key-jwt: the key in PEM form or as a JWK' })),
  ...signingKey,
  assertionAudience: Type.Optional(
    Type.String({ maxLength: 2_000, description: 'aud of the client JWT. Omitted: the token URL; some providers want their issuer' }),
  ),
};

export const OAuth2ClientCredentials = Type.Object(
  {
    type: Type.Literal('oauth2-client-credentials'),
    clientId: Type.String({ minLength: 1, maxLength: 1_024 }),
    ...tokenEndpoint,
    ...clientAuth,
  },
  { ...closed, title: 'OAuth 2 client credentials' },
);

export const OAuth2RefreshToken = Type.Object(
  {
    type: Type.Literal('oauth2-refresh-token'),
    clientId: Type.String({ minLength: 1, maxLength: 1_024 }),
    refreshToken: secretString({ description: 'The first one; where the provider rotates them, the hub keeps the newest' }),
    ...tokenEndpoint,
    ...clientAuth,
  },
  { ...closed, title: 'OAuth 2 refresh token' },
);

export const OAuth2JwtBearer = Type.Object(
  {
    type: Type.Literal('oauth2-jwt-bearer'),
    issuer: Type.String({ minLength: 1, maxLength: 1_024, description: 'iss: the client id or service account' }),
    subject: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024, description: 'sub: on whose behalf. Omitted: the issuer' })),
    privateKey: secretString({ description: 'The key in PEM form or as a JWK' }),
    ...signingKey,
    ...tokenEndpoint,
    assertionAudience: Type.Optional(Type.String({ maxLength: 2_000, description: 'aud of the JWT. Omitted: the token URL' })),
    claims: Type.Optional(
      Type.Record(Type.String({ pattern: '^[^\\s]{1,100}$' }), Type.String({ maxLength: 4_096 }), {
        ...closed,
        description: 'Further claims of the JWT; Google wants scope here',
      }),
    ),
  },
  { ...closed, title: 'OAuth 2 JWT bearer' },
);

export type OAuth2ClientCredentials = Static<typeof OAuth2ClientCredentials>;
export type OAuth2RefreshToken = Static<typeof OAuth2RefreshToken>;
export type OAuth2JwtBearer = Static<typeof OAuth2JwtBearer>;
/** What decides how a client proves itself at the token endpoint. */
export type OAuth2Client = OAuth2ClientCredentials | OAuth2RefreshToken;
export type JwtAlgorithm = Static<typeof Algorithm>;
