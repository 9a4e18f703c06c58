/** Credentials of a `soap` spoke: those of HTTP, WS-Security, or a header of the system's own with secrets in it. */
import { EXPECTED_MARK, secretString } from '@nave/adapter-kit';
import { HttpCredentials } from '@nave/protocols';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };
const http = Type.Optional(HttpCredentials);

export const WsSecurityCredentials = Type.Object(
  {
    type: Type.Literal('ws-security'),
    username: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024 })),
    password: Type.Optional(secretString()),
    passwordType: Type.Optional(
      Type.Union([Type.Literal('text'), Type.Literal('digest')], {
        default: 'text',
        description: 'digest: the password itself does not leave, the system must know it in clear',
      }),
    ),
    timestamp: Type.Optional(Type.Boolean({ default: true, description: 'Say when the message was made and until when it counts' })),
    timestampSeconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 86_400, default: 300 })),
    certificate: Type.Optional(
      Type.String({
        maxLength: 65_536,
        description: 'X.509 certificate (PEM): body and timestamp are signed',
        [EXPECTED_MARK]: 'a certificate as PEM',
      }),
    ),
    privateKey: Type.Optional(secretString({ description: 'RSA key of the certificate (PEM)' })),
    passphrase: Type.Optional(secretString({ description: 'Of the private key' })),
    actor: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'Which node on the way the header is for' })),
    http,
  },
  { ...closed, title: 'WS-Security' },
);

const SoapHeaderCredentials = Type.Object(
  {
    type: Type.Literal('soap-header'),
    name: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'The header that carries them: one of the WSDL, or a qualified name',
      [EXPECTED_MARK]: 'a header of the WSDL or {namespace}name',
    }),
    fields: Type.Optional(
      Type.Record(Type.String({ pattern: '^.{1,200}$' }), Type.String({ maxLength: 10_000 }), { description: 'What is no secret in it' }),
    ),
    secrets: Type.Record(Type.String({ pattern: '^.{1,200}$' }), secretString(), {
      ...closed,
      description: 'Secrets in it, by element name',
    }),
    http,
  },
  { ...closed, title: 'SOAP header' },
);

export const SoapCredentials = Type.Union([...HttpCredentials.anyOf, WsSecurityCredentials, SoapHeaderCredentials]);
export type SoapCredentials = Static<typeof SoapCredentials>;
export type WsSecurityCredentials = Static<typeof WsSecurityCredentials>;

/** The part of them that HTTP carries. */
export function httpCredentialsOf(credentials: SoapCredentials): HttpCredentials {
  if (credentials.type === 'ws-security' || credentials.type === 'soap-header') return credentials.http ?? { type: 'none' };
  return credentials;
}
