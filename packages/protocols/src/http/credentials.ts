/** Credentials of kinds that speak HTTP: a union told apart by `type`. */
import { EXPECTED_MARK, secretString } from '@nave/adapter-kit';
import { type Static, Type } from 'typebox';
import { ClientCertificate, clientCertificate } from './client-certificate.ts';
import { OAuth2ClientCredentials, OAuth2JwtBearer, OAuth2RefreshToken } from './oauth2-credentials.ts';

const closed = { additionalProperties: false };
const headerName = (options: Record<string, unknown> = {}) =>
  Type.String({
    pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$",
    [EXPECTED_MARK]: 'a header name of letters, digits and dashes',
    ...options,
  });
const printable = (options: Record<string, unknown>) =>
  Type.String({ maxLength: 256, pattern: '^[\\x20-\\x7e]*$', [EXPECTED_MARK]: 'printable ASCII text', ...options });

export const NoCredentials = Type.Object({ type: Type.Literal('none') }, { ...closed, title: 'None' });

export const BasicCredentials = Type.Object(
  {
    type: Type.Literal('basic'),
    username: Type.String({ maxLength: 1_024, pattern: '^[^:]*$', [EXPECTED_MARK]: 'text without a colon' }),
    password: secretString(),
    ...clientCertificate,
  },
  { ...closed, title: 'Basic' },
);

export const DigestCredentials = Type.Object(
  {
    type: Type.Literal('digest'),
    username: Type.String({ minLength: 1, maxLength: 1_024 }),
    password: secretString(),
    ...clientCertificate,
  },
  { ...closed, title: 'Digest' },
);

export const BearerCredentials = Type.Object(
  { type: Type.Literal('bearer'), token: secretString(), ...clientCertificate },
  { ...closed, title: 'Bearer token' },
);

export const ApiKeyCredentials = Type.Object(
  {
    type: Type.Literal('api-key'),
    in: Type.Optional(Type.Union([Type.Literal('header'), Type.Literal('query')], { default: 'header' })),
    name: Type.Optional(headerName({ default: 'X-API-Key', description: 'Name of the header or query parameter' })),
    prefix: Type.Optional(printable({ description: 'Text before the key in the header, e.g. "Token "' })),
    value: secretString(),
    ...clientCertificate,
  },
  { ...closed, title: 'API key' },
);

export const HmacCredentials = Type.Object(
  {
    type: Type.Literal('hmac'),
    secret: secretString(),
    secretEncoding: Type.Optional(
      Type.Union([Type.Literal('utf8'), Type.Literal('hex'), Type.Literal('base64')], {
        default: 'utf8',
        description: 'How the key is written in `secret`',
      }),
    ),
    algorithm: Type.Optional(Type.Union([Type.Literal('sha256'), Type.Literal('sha1'), Type.Literal('sha512')], { default: 'sha256' })),
    header: Type.Optional(headerName({ default: 'X-Signature' })),
    encoding: Type.Optional(Type.Union([Type.Literal('hex'), Type.Literal('base64')], { default: 'hex' })),
    prefix: Type.Optional(printable({ description: 'Text before the signature, e.g. sha256=' })),
    timestampHeader: Type.Optional(headerName({ description: 'Header that carries the time of signing' })),
    timestampFormat: Type.Optional(
      Type.Union([Type.Literal('seconds'), Type.Literal('milliseconds'), Type.Literal('iso')], {
        default: 'seconds',
        description: 'Since the epoch, or an RFC 3339 time in UTC',
      }),
    ),
    nonceHeader: Type.Optional(headerName({ description: 'Header that carries a random value, new for every request' })),
    signed: Type.Optional(
      Type.String({
        default: '{body}',
        minLength: 1,
        maxLength: 500,
        description:
          'What is signed: text with {body}, {bodySha256} (hex), {timestamp}, {nonce}, {method}, {host}, {path} (with query) and {url}',
      }),
    ),
    ...clientCertificate,
  },
  { ...closed, title: 'HMAC signature' },
);

export const CookieLoginCredentials = Type.Object(
  {
    type: Type.Literal('cookie-login'),
    url: Type.String({
      maxLength: 2_000,
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s@]+$',
      [EXPECTED_MARK]: 'an http or https URL without a user name',
      description: 'Where the log-in goes: the same system as the spoke itself',
    }),
    method: Type.Optional(Type.Union([Type.Literal('POST'), Type.Literal('PUT'), Type.Literal('GET')], { default: 'POST' })),
    format: Type.Optional(
      Type.Union([Type.Literal('json'), Type.Literal('form')], {
        default: 'json',
        description: 'How the fields are written; GET sends none',
      }),
    ),
    fields: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 128 }), Type.String({ maxLength: 2_000 }), {
        ...closed,
        description: 'Fields of the log-in; {username} and {password} are replaced. Omitted: username and password',
      }),
    ),
    headers: Type.Optional(Type.Record(headerName(), printable({}), { ...closed, description: 'Further headers of the log-in' })),
    username: Type.String({ maxLength: 1_024 }),
    password: secretString(),
    cookie: Type.Optional(
      Type.String({ minLength: 1, maxLength: 256, description: 'The cookie that a log-in must set to count. Omitted: any' }),
    ),
    sessionSeconds: Type.Optional(
      Type.Integer({ minimum: 10, maximum: 86_400, default: 1_200, description: 'After how long a session counts as over at the latest' }),
    ),
    expiredOn: Type.Optional(
      Type.Array(Type.Integer({ minimum: 300, maximum: 499 }), {
        maxItems: 10,
        default: [401],
        description: 'Statuses that mean the session is over (302 where a log-in page is shown instead)',
      }),
    ),
    ...clientCertificate,
  },
  { ...closed, title: 'Log-in with cookies' },
);

/** Nothing but the client certificate; every other type but `none` takes one as well. */
export const MtlsCredentials = Type.Object(
  { type: Type.Literal('mtls'), clientCertificate: ClientCertificate },
  { ...closed, title: 'Client certificate (mutual TLS)' },
);

export const HttpCredentials = Type.Union([
  NoCredentials,
  BasicCredentials,
  DigestCredentials,
  BearerCredentials,
  ApiKeyCredentials,
  HmacCredentials,
  OAuth2ClientCredentials,
  OAuth2RefreshToken,
  OAuth2JwtBearer,
  CookieLoginCredentials,
  MtlsCredentials,
]);
export type HttpCredentials = Static<typeof HttpCredentials>;
export type DigestCredentials = Static<typeof DigestCredentials>;
export type HmacCredentials = Static<typeof HmacCredentials>;
export type CookieLoginCredentials = Static<typeof CookieLoginCredentials>;
export { OAuth2ClientCredentials, OAuth2JwtBearer, OAuth2RefreshToken } from './oauth2-credentials.ts';
