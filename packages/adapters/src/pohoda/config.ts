/** The configuration of a `pohoda` spoke: where mServer is, which company is open, and what is not the same everywhere. */
import { EXPECTED_MARK, secretString } from '@nave/adapter-kit';
import { HttpTls } from '@nave/protocols';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };
const printable = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[\\x20-\\x7e]+$', description, [EXPECTED_MARK]: 'printable ASCII text' });

export const PohodaConfig = Type.Object(
  {
    baseUrl: Type.String({
      maxLength: 2_000,
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s?#]+$',
      description: 'Where mServer listens, without /xml; its usual port is 444',
      [EXPECTED_MARK]: 'an http or https URL',
    }),
    ico: Type.String({
      pattern: '^[0-9A-Za-z]{1,15}$',
      description: 'Registration number (ICO) of the accounting unit that is open in Pohoda; another one is refused',
      [EXPECTED_MARK]: 'a registration number such as 12345678',
    }),
    tls: Type.Optional(HttpTls),
    edition: Type.Optional(Type.Union([Type.Literal('cz'), Type.Literal('sk')], { default: 'cz', description: 'Czech or Slovak Pohoda' })),
    application: Type.Optional({ ...printable(100, 'Name shown in the XML import agenda of Pohoda'), default: 'Nave' }),
    instance: Type.Optional(printable(100, 'Label of the requests in the monitor of mServer. Default: the name of the spoke')),
    checkDuplicity: Type.Optional(
      Type.Boolean({ default: true, description: 'Pohoda refuses a document it already took from the hub; that counts as done' }),
    ),
    extSystem: Type.Optional({
      ...printable(64, 'Name of the external system in extId; changing it hides earlier documents from lookups'),
      default: 'Nave',
    }),
    extIdForm: Type.Optional(
      Type.Union([Type.Literal('exSystemName'), Type.Literal('exSystemItemId')], {
        default: 'exSystemName',
        description: 'How extId is written: key in ids and system in exSystemName, or system in ids and key in exSystemItemId',
      }),
    ),
    unmappable: Type.Optional(
      Type.Union([Type.Literal('transliterate'), Type.Literal('refuse')], {
        default: 'transliterate',
        description: 'Characters that Windows-1250 does not have: written with the nearest ones and told in a warning, or refused',
      }),
    ),
    duplicityPattern: Type.Optional(
      Type.Array(Type.String({ minLength: 3, maxLength: 100 }), {
        maxItems: 10,
        default: ['již existuje', 'duplicit'],
        description: 'Parts of the notes by which Pohoda says that it has the document already; case and accents do not matter',
      }),
    ),
    notYetPattern: Type.Optional(
      Type.Array(Type.String({ minLength: 3, maxLength: 100 }), {
        maxItems: 10,
        default: [],
        description:
          'Parts of the notes of refusals that pass by themselves, such as a payment before its invoice ("nebyl nalezen"): tried again by the policy; case and accents do not matter',
      }),
    ),
    pollOverlapMinutes: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 1_440, default: 10, description: 'How far a poll looks back before the last one' }),
    ),
  },
  closed,
);
export type PohodaConfig = Static<typeof PohodaConfig>;

export const PohodaCredentials = Type.Object(
  {
    type: Type.Literal('basic'),
    username: Type.String({ minLength: 1, maxLength: 1_024, pattern: '^[^:]*$', [EXPECTED_MARK]: 'text without a colon' }),
    password: secretString({ minLength: 0 }),
  },
  { ...closed, title: 'User of Pohoda' },
);
export type PohodaCredentials = Static<typeof PohodaCredentials>;
