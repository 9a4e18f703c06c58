/** TLS settings of a spoke that speaks HTTP, as every such kind offers them in its config, and the connection options made of them. */
import { EXPECTED_MARK, type TlsOptions } from '@nave/adapter-kit';
import { type Static, Type } from 'typebox';
import type { ClientCertificate } from './client-certificate.ts';

const PEM = '^\\s*-----BEGIN [A-Z0-9 ]+-----[\\s\\S]+-----END [A-Z0-9 ]+-----\\s*$';
const HEX = '[0-9A-Fa-f]';

/** A field for one or more certificates as PEM text. */
export const pemCertificates = (description: string) =>
  Type.String({ maxLength: 262_144, pattern: PEM, [EXPECTED_MARK]: 'certificates in PEM form', description });

export const HttpTls = Type.Object(
  {
    ca: Type.Optional(
      pemCertificates('Authorities to trust instead of the public ones: for systems with a certificate of the company itself'),
    ),
    pins: Type.Optional(
      Type.Array(
        Type.String({
          pattern: `^(?:cert|spki)-sha256:(?:${HEX}{64}|(?:${HEX}{2}:){31}${HEX}{2}|[A-Za-z0-9+/]{43}=)$`,
          [EXPECTED_MARK]: 'cert-sha256: or spki-sha256: and a SHA-256 fingerprint in hex or base64',
        }),
        {
          minItems: 1,
          maxItems: 10,
          description: 'The certificate, or its public key, must match one of these in addition to being trusted',
        },
      ),
    ),
    servername: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$',
        [EXPECTED_MARK]: 'a host name',
        description: 'The name the certificate must be for, where it is not the one in the URL',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'How the system proves who it is. Omitted: a certificate of a public authority for the name in the URL',
  },
);
export type HttpTls = Static<typeof HttpTls>;

/** The options of connections to the spoke itself; undefined where nothing differs from the default. Call it once per spoke. */
export function tlsOptionsOf(tls: HttpTls | undefined, certificate?: ClientCertificate): TlsOptions | undefined {
  if (tls === undefined && certificate === undefined) return undefined;
  return { ...tls, ...certificate };
}

/**
 * The options of connections to a token endpoint, which often is another host: its own settings where there are any, else the public authorities and the
 * spoke's. Pins and name of the spoke do not apply to it; the client certificate does (RFC 8705).
 */
export function tokenTlsOf(
  spoke: HttpTls | undefined,
  own: HttpTls | undefined,
  certificate: ClientCertificate | undefined,
): TlsOptions | undefined {
  if (own !== undefined) return tlsOptionsOf(own, certificate);
  const ca = spoke?.ca === undefined ? {} : { ca: spoke.ca, trustPublic: true };
  return spoke?.ca === undefined && certificate === undefined ? undefined : { ...ca, ...certificate };
}
