/** The configuration of a `stripe` spoke. */
import { EXPECTED_MARK } from '@nave/adapter-kit';
import type { FieldProblem } from '@nave/core';
import { BearerCredentials, HttpTls, httpCredentialProblems, httpTlsProblems, parseHttpTarget } from '@nave/protocols';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };

export const StripeConfig = Type.Object(
  {
    apiVersion: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}(\\.[a-z]{1,30})?$',
        [EXPECTED_MARK]: 'a version such as 2025-03-31.basil',
        description: 'Version of the API that requests ask for, whatever the account has set. Default 2025-03-31.basil',
      }),
    ),
    account: Type.Optional(
      Type.String({
        pattern: '^acct_[A-Za-z0-9]{1,100}$',
        [EXPECTED_MARK]: 'an account id (acct_...)',
        description: 'Connect: the connected account that requests act for',
      }),
    ),
    tag: Type.Optional(
      Type.Boolean({
        description:
          'Writes the delivery id into the metadata of what is created (nave_delivery), by which it is found again when no answer came. Default true',
      }),
    ),
    currencyDecimals: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z]{3}$' }), Type.Integer({ minimum: 0, maximum: 4 }), {
        ...closed,
        description: 'Decimals of currencies where they differ from what this kind knows, for amountDecimal',
      }),
    ),
    events: Type.Optional(
      Type.Object(
        {
          types: Type.Optional(
            Type.Array(Type.String({ pattern: '^[a-z0-9_.*]{1,100}$', [EXPECTED_MARK]: 'an event type' }), {
              minItems: 1,
              maxItems: 20,
              description: 'Event types that the poll fetches; the same as the webhook endpoint has. Omitted: all',
            }),
          ),
          overlapSeconds: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 86_400,
              description: 'How far each poll looks back beyond the newest event it has seen, for those that appear late. Default 600',
            }),
          ),
        },
        { ...closed, description: 'The poll "events"' },
      ),
    ),
    baseUrl: Type.Optional(
      Type.String({
        maxLength: 2_000,
        pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$',
        [EXPECTED_MARK]: 'an http or https URL',
        description: 'Default https://api.stripe.com',
      }),
    ),
    tls: Type.Optional(HttpTls),
  },
  closed,
);
export type StripeConfig = Static<typeof StripeConfig>;

/** The secret key (sk_...) or a restricted key (rk_...), as a bearer token. */
export const StripeCredentials = BearerCredentials;
export type StripeCredentials = Static<typeof StripeCredentials>;

export const DEFAULT_API_VERSION = '2025-03-31.basil';
export const DEFAULT_BASE_URL = 'https://api.stripe.com';
export const DEFAULT_OVERLAP_SECONDS = 600;

/** What a schema cannot say about a `stripe` spoke. Keys that cannot work are told apart by their prefix. */
export function validateStripe({ baseUrl = DEFAULT_BASE_URL, tls }: StripeConfig, credentials: StripeCredentials): FieldProblem[] {
  const problems = [...httpTlsProblems(tls, baseUrl, '/config/tls'), ...httpCredentialProblems(credentials), ...tokenProblems(credentials)];
  const target = parseHttpTarget(baseUrl);
  if (!target.ok) problems.push({ path: '/config/baseUrl', message: `expected an http or https URL: ${target.reason}` });
  else if (/[?#]/.test(baseUrl)) problems.push({ path: '/config/baseUrl', message: 'expected a URL without query and fragment' });
  return problems;
}

function tokenProblems({ token }: StripeCredentials): FieldProblem[] {
  if (token.startsWith('pk_'))
    return [{ path: '/credentials/token', message: 'this is a publishable key, expected a secret (sk_) or restricted (rk_) key' }];
  if (token.startsWith('whsec_'))
    return [{ path: '/credentials/token', message: 'this is the secret of a webhook endpoint: it belongs to inbound.verify' }];
  return [];
}
