/** The client certificate of mutual TLS: part of the credentials, because its key is a secret. */
import { EXPECTED_MARK, secretString } from '@nave/adapter-kit';
import { type Static, Type } from 'typebox';

const pem = (label: string) => `^\\s*-----BEGIN ${label}-----[\\s\\S]+-----END ${label}-----\\s*$`;

export const ClientCertificate = Type.Object(
  {
    cert: Type.String({
      maxLength: 65_536,
      pattern: pem('CERTIFICATE'),
      [EXPECTED_MARK]: 'a certificate in PEM form, followed by its chain',
    }),
    key: secretString({
      pattern: pem('[A-Z ]*PRIVATE KEY'),
      description: 'Its private key in PEM form',
      [EXPECTED_MARK]: 'a private key in PEM form',
    }),
    passphrase: Type.Optional(secretString({ maxLength: 1_024, description: 'Where the key is encrypted' })),
  },
  { additionalProperties: false, title: 'Client certificate', description: 'Shown when the connection is made (mutual TLS)' },
);
export type ClientCertificate = Static<typeof ClientCertificate>;

/** The field, for every type of credentials that can be combined with mutual TLS. */
export const clientCertificate = { clientCertificate: Type.Optional(ClientCertificate) } as const;
