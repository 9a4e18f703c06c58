/** How a directory is reached and who asks: the part of the configuration that every kind on LDAP shares. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { EXPECTED_MARK, secretString } from '@nave/adapter-kit';
import { DURATION_PATTERN, type FieldProblem, parseDuration } from '@nave/core';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };

/** Fields to spread into the configuration of a kind. */
export const LDAP_CONNECTION_FIELDS = {
  url: Type.String({
    maxLength: 500,
    pattern: '^[Ll][Dd][Aa][Pp][Ss]?://[^\\s/?#@]+/?$',
    description: 'Where the directory is: ldaps://host[:636], or ldap://host[:389] with startTls',
    [EXPECTED_MARK]: 'an ldap or ldaps URL without path',
  }),
  startTls: Type.Optional(
    Type.Boolean({ description: 'Encrypt an ldap:// connection before anything else is said (RFC 4511 section 4.14)' }),
  ),
  plain: Type.Optional(
    Type.Boolean({
      description: 'Acknowledges that an ldap:// connection without startTls carries passwords and data in clear. Default false',
    }),
  ),
  ca: Type.Optional(Type.String({ maxLength: 200_000, description: 'Certificates (PEM) to trust instead of the public ones' })),
  serverName: Type.Optional(
    Type.String({ minLength: 1, maxLength: 253, description: 'The name the certificate must carry. Omitted: the host of the url' }),
  ),
  idleTimeout: Type.Optional(
    Type.String({
      pattern: DURATION_PATTERN,
      description: 'A connection that was not used for so long is closed. Default 60s',
      [EXPECTED_MARK]: 'a duration such as 60s',
    }),
  ),
};

const Connection = Type.Object(LDAP_CONNECTION_FIELDS, closed);
export type LdapConnectionConfig = Static<typeof Connection>;

export const LdapCredentials = Type.Union([
  Type.Object({ type: Type.Literal('none') }, closed),
  Type.Object(
    {
      type: Type.Literal('simple'),
      user: Type.String({
        minLength: 1,
        maxLength: 1_000,
        description: 'Distinguished name of the account, or what the directory takes for it',
      }),
      password: secretString(),
    },
    closed,
  ),
  Type.Object(
    { type: Type.Literal('certificate'), certificate: Type.String({ minLength: 1, maxLength: 200_000 }), key: secretString() },
    { ...closed, description: 'A client certificate (PEM), SASL EXTERNAL' },
  ),
]);
export type LdapCredentials = Static<typeof LdapCredentials>;

export interface LdapTarget {
  host: string;
  port: number;
  /** As people write it, without credentials: for texts. */
  url: string;
  security: 'ldaps' | 'starttls' | 'plain';
  ca: string | null;
  serverName: string | null;
  idleMs: number;
}

const IDLE_MS = 60_000;
const PORTS = { ldap: 389, ldaps: 636 } as const;

/** Null for a URL that cannot be read. */
export function ldapTarget(config: LdapConnectionConfig): LdapTarget | null {
  const match = /^(ldaps?):\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?\/?$/i.exec(config.url);
  const [, scheme = '', written = '', portText] = match ?? [];
  const secure = scheme.toLowerCase() === 'ldaps';
  const host = written.replace(/^\[|\]$/g, '').toLowerCase();
  const port = portText === undefined ? PORTS[secure ? 'ldaps' : 'ldap'] : Number(portText);
  if (host === '' || port < 1 || port > 65_535 || (written.startsWith('[') && isIP(host) !== 6)) return null;
  return {
    ...{ host, port, url: `${scheme.toLowerCase()}://${written.toLowerCase()}:${port}` },
    security: secure ? 'ldaps' : config.startTls === true ? 'starttls' : 'plain',
    ca: config.ca ?? null,
    serverName: config.serverName ?? null,
    idleMs: (config.idleTimeout === undefined ? null : parseDuration(config.idleTimeout)) ?? IDLE_MS,
  };
}

/** What a schema cannot say of the shared part. */
export function ldapConnectionProblems(config: LdapConnectionConfig, credentials: LdapCredentials): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const add = (path: string, message: string): void => void problems.push({ path, message });
  const target = ldapTarget(config);
  if (target === null) add('/config/url', 'expected ldaps://host[:port] or ldap://host[:port]');
  else if (target.security === 'ldaps' && config.startTls === true)
    add('/config/startTls', 'expected none with an ldaps URL: the connection is encrypted from its first byte');
  else if (target.security === 'plain' && config.plain !== true)
    add('/config/url', 'expected an ldaps URL or "startTls": true; nothing would be encrypted. "plain": true acknowledges that');
  if (config.ca !== undefined && !isCertificate(config.ca)) add('/config/ca', 'expected certificates in PEM form');
  if (credentials.type === 'certificate') {
    if (target?.security === 'plain')
      add('/credentials/type', 'expected an encrypted connection: a certificate is shown while it is set up');
    if (!isCertificate(credentials.certificate)) add('/credentials/certificate', 'expected a certificate in PEM form');
  }
  return problems;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}
