/** The configuration of a `webhook` spoke: where webhooks go and how they are signed. */
import { EXPECTED_MARK, secretString } from '@nave/adapter-kit';
import { HttpCredentials, HttpTls } from '@nave/protocols';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };
const secret = () => secretString({ maxLength: 1_024, description: 'whsec_ and the key in base64' });

export const WebhookConfig = Type.Object(
  {
    url: Type.String({
      maxLength: 2_000,
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$',
      description: 'Where webhooks are sent',
      [EXPECTED_MARK]: 'an http or https URL',
    }),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: '^.{1,128}$' }), Type.String({ maxLength: 2_000 }), {
        ...closed,
        description: 'Fixed headers, sent with every webhook',
      }),
    ),
    tls: Type.Optional(HttpTls),
  },
  closed,
);

export const WebhookCredentials = Type.Union([
  ...HttpCredentials.anyOf,
  Type.Object(
    {
      type: Type.Literal('standard-webhooks'),
      secret: secret(),
      previousSecrets: Type.Optional(
        Type.Array(secret(), {
          maxItems: 5,
          description: 'Secrets that receivers may still know while the secret is being changed; each adds a signature',
        }),
      ),
    },
    { ...closed, title: 'Standard Webhooks signature' },
  ),
]);

export type WebhookConfig = Static<typeof WebhookConfig>;
export type WebhookCredentials = Static<typeof WebhookCredentials>;
