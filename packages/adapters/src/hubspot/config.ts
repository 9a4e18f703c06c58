/** The configuration of a `hubspot` spoke: which API version, what objects are told apart by, whose day the daily limit counts. */
import { EXPECTED_MARK } from '@nave/adapter-kit';
import { BearerCredentials, HttpTls, OAuth2RefreshToken } from '@nave/protocols';
import { type Static, Type } from 'typebox';

export const DEFAULT_BASE_URL = 'https://api.hubapi.com';
const closed = { additionalProperties: false };
/** Names of object types: `contacts`, `deals`, `2-123456`, `p123_machine`. */
export const OBJECT_TYPE = '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$';
const PROPERTY = '^[A-Za-z0-9_]{1,100}$';
const objectType = { pattern: OBJECT_TYPE, [EXPECTED_MARK]: 'an object type such as contacts' };
const perObject = <Value extends Parameters<typeof Type.Record>[1]>(value: Value, description: string) =>
  Type.Record(Type.String({ pattern: OBJECT_TYPE }), value, { ...closed, description });

export const HubspotConfig = Type.Object(
  {
    baseUrl: Type.Optional(
      Type.String({
        default: DEFAULT_BASE_URL,
        maxLength: 2_000,
        pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s?#]+$',
        description: 'Where the API is',
        [EXPECTED_MARK]: 'an http or https URL',
      }),
    ),
    apiVersion: Type.Optional(
      Type.String({
        default: '2026-03',
        pattern: '^(?:v3|[0-9]{4}-[0-9]{2}(?:-beta)?)$',
        description: 'Version in the paths: a dated one, or v3 for the legacy paths',
        [EXPECTED_MARK]: 'a version such as 2026-03, or v3',
      }),
    ),
    portalId: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,15}$',
        description: 'Account the token must be of; the check says so when it is not',
        [EXPECTED_MARK]: 'a portal id',
      }),
    ),
    objects: Type.Optional(
      Type.Array(Type.String(objectType), {
        default: ['contacts', 'companies', 'deals'],
        maxItems: 20,
        uniqueItems: true,
        description: 'Object types that the check looks at and that can be polled',
      }),
    ),
    idProperties: Type.Optional(
      perObject(
        Type.String({ pattern: PROPERTY, [EXPECTED_MARK]: 'the name of a property' }),
        'Property with unique values by which records of a type are told apart. Default: email for contacts',
      ),
    ),
    properties: Type.Optional(
      perObject(
        Type.Array(Type.String({ pattern: PROPERTY, [EXPECTED_MARK]: 'the name of a property' }), { maxItems: 200 }),
        'Properties that polls fetch by object type. Default: what HubSpot gives',
      ),
    ),
    batchMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100, description: 'Inputs in one batch at most' })),
    timeZone: Type.Optional(
      Type.String({
        maxLength: 60,
        default: 'UTC',
        description: 'Time zone of the account: its midnight ends a daily limit (Settings, Account defaults)',
      }),
    ),
    pollOverlapSeconds: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 86_400, default: 300, description: 'How far a poll looks back: the search index lags behind' }),
    ),
    tls: Type.Optional(HttpTls),
  },
  closed,
);
export type HubspotConfig = Static<typeof HubspotConfig>;

export const HubspotCredentials = Type.Union([BearerCredentials, OAuth2RefreshToken]);
export type HubspotCredentials = Static<typeof HubspotCredentials>;

export const DEFAULT_OBJECTS: readonly string[] = ['contacts', 'companies', 'deals'];
export const BATCH_MAX = 100;

/** The property that tells records of a type apart; undefined where nothing is known to. */
export function idPropertyOf({ idProperties = {} }: HubspotConfig, type: string): string | undefined {
  if (Object.hasOwn(idProperties, type)) return idProperties[type];
  return type === 'contacts' || type === '0-1' ? 'email' : undefined;
}
