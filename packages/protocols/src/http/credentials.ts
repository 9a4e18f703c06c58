/** Credentials of kinds that speak HTTP: a union told apart by `type`. */
import { EXPECTED_MARK, secretString } from '@nave/adapter-kit';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };
const headerName = (options: Record<string, unknown> = {}) =>
  Type.String({
    pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$",
    [EXPECTED_MARK]: 'a header name of letters, digits and dashes',
    ...options,
  });

export const NoCredentials = Type.Object({ type: Type.Literal('none') }, { ...closed, title: 'None' });

export const BasicCredentials = Type.Object(
  {
    type: Type.Literal('basic'),
    username: Type.String({ maxLength: 1_024, pattern: '^[^:]*$', [EXPECTED_MARK]: 'text without a colon' }),
    password: secretString(),
  },
  { ...closed, title: 'Basic' },
);

export const BearerCredentials = Type.Object({ type: Type.Literal('bearer'), token: secretString() }, { ...closed, title: 'Bearer token' });

export const ApiKeyCredentials = Type.Object(
  {
    type: Type.Literal('api-key'),
    in: Type.Optional(Type.Union([Type.Literal('header'), Type.Literal('query')], { default: 'header' })),
    name: Type.Optional(headerName({ default: 'X-API-Key', description: 'Name of the header or query parameter' })),
    value: secretString(),
  },
  { ...closed, title: 'API key' },
);

export const HmacCredentials = Type.Object(
  {
    type: Type.Literal('hmac'),
    secret: secretString(),
    algorithm: Type.Optional(Type.Union([Type.Literal('sha256'), Type.Literal('sha1'), Type.Literal('sha512')], { default: 'sha256' })),
    header: Type.Optional(headerName({ default: 'X-Signature' })),
    encoding: Type.Optional(Type.Union([Type.Literal('hex'), Type.Literal('base64')], { default: 'hex' })),
    prefix: Type.Optional(
      Type.String({
        maxLength: 64,
        pattern: '^[\\x20-\\x7e]*$',
        [EXPECTED_MARK]: 'printable ASCII text',
        description: 'Text before the signature, e.g. sha256=',
      }),
    ),
    timestampHeader: Type.Optional(headerName({ description: 'Header that carries the time of signing, in seconds since the epoch' })),
    signed: Type.Optional(
      Type.String({
        default: '{body}',
        minLength: 1,
        maxLength: 500,
        description: 'What is signed: text with {body}, {timestamp}, {method}, {path} (with query) and {url}',
      }),
    ),
  },
  { ...closed, title: 'HMAC signature' },
);

export const OAuth2ClientCredentials = Type.Object(
  {
    type: Type.Literal('oauth2-client-credentials'),
    tokenUrl: Type.String({
      maxLength: 2_000,
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s@]+$',
      [EXPECTED_MARK]: 'an http or https URL without a user name',
    }),
    clientId: Type.String({ minLength: 1, maxLength: 1_024 }),
    clientSecret: secretString(),
    scope: Type.Optional(Type.String({ maxLength: 4_096 })),
    audience: Type.Optional(Type.String({ maxLength: 2_000 })),
    clientAuth: Type.Optional(
      Type.Union([Type.Literal('basic'), Type.Literal('body')], {
        default: 'basic',
        description: 'Where the client id and secret go: the Authorization header, or the form',
      }),
    ),
  },
  { ...closed, title: 'OAuth 2 client credentials' },
);

export const HttpCredentials = Type.Union([
  NoCredentials,
  BasicCredentials,
  BearerCredentials,
  ApiKeyCredentials,
  HmacCredentials,
  OAuth2ClientCredentials,
]);
export type HttpCredentials = Static<typeof HttpCredentials>;
export type HmacCredentials = Static<typeof HmacCredentials>;
export type OAuth2ClientCredentials = Static<typeof OAuth2ClientCredentials>;
