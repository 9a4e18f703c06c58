/** The configuration of an `active-directory` spoke: where accounts live, what tells people apart, which field becomes which attribute, which groups are ours. */
import { LDAP_CONNECTION_FIELDS } from '@nave/protocols';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };
const dn = (description: string) => Type.String({ minLength: 3, maxLength: 2_000, description });
const attribute = (description: string) => Type.String({ pattern: '^[A-Za-z][A-Za-z0-9-]{0,62}$', description });
const field = (description: string) => Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]{0,99}$', description });

export const AttributeMapping = Type.Object(
  {
    from: field('Field of the input; dots go into nested ones'),
    to: attribute('Attribute of the account'),
    transform: Type.Optional(
      Type.Union([Type.Literal('trim'), Type.Literal('lower'), Type.Literal('upper'), Type.Literal('expiry')], {
        description: 'expiry: a date (its last moment, UTC) or timestamp becomes 100-nanosecond ticks since 1601; nothing = never',
      }),
    ),
  },
  closed,
);
export type AttributeMapping = Static<typeof AttributeMapping>;

export const ActiveDirectoryConfig = Type.Object(
  {
    ...LDAP_CONNECTION_FIELDS,
    baseDn: dn('Where accounts and groups are looked for, such as DC=corp,DC=example'),
    accounts: Type.Object(
      {
        container: dn('Where accounts live'),
        createIn: Type.Optional(
          dn('Where accounts are while they are being made; moved to the container when complete. Default: the container'),
        ),
        leavers: Type.Optional(dn('Where accounts of people who left are moved. Omitted: they stay where they are')),
        upnSuffix: Type.Optional(
          Type.String({
            pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$',
            description: 'userPrincipalName is the user name, @ and this; without it none is set',
          }),
        ),
        marker: Type.Optional(
          attribute(
            'Attribute of an account that says it is not complete yet; empty otherwise, never shown to people. Default adminDescription',
          ),
        ),
        deletable: Type.Optional(
          Type.Boolean({
            description: 'createAccount is undone by deleting. Default false: by disabling; a deleted account loses its identity for good',
          }),
        ),
        leaverGroups: Type.Optional(
          Type.Union([Type.Literal('all'), Type.Literal('managed')], {
            description: 'Groups that people who left are removed from. Default all but the primary one',
          }),
        ),
      },
      closed,
    ),
    correlation: Type.Optional(
      Type.Object(
        { field: field('Field of the input that names a person'), attribute: attribute('Attribute that holds it') },
        { ...closed, description: 'What tells people apart, whatever they are called. Default employeeId and employeeID' },
      ),
    ),
    attributes: Type.Optional(
      Type.Array(AttributeMapping, {
        maxItems: 200,
        description: 'Which field becomes which attribute. Omitted: the usual ones, see the page of the kind',
      }),
    ),
    groups: Type.Optional(
      Type.Object(
        {
          base: Type.Optional(dn('Groups below this are managed')),
          managed: Type.Optional(Type.Array(dn('A managed group'), { maxItems: 2_000 })),
        },
        { ...closed, description: 'Groups that may be changed; no other ever is, except when somebody leaves' },
      ),
    ),
    password: Type.Optional(
      Type.Object(
        {
          mode: Type.Union([Type.Literal('none'), Type.Literal('random'), Type.Literal('must-change')], {
            description:
              'none: no password, the account stays disabled until somebody sets one. random: one that nobody knows (the default). must-change: that of the input (random without one), to be changed at the first log-on',
          }),
          length: Type.Optional(Type.Integer({ minimum: 12, maximum: 120, description: 'Of random passwords. Default 32' })),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type ActiveDirectoryConfig = Static<typeof ActiveDirectoryConfig>;

export const DEFAULT_ATTRIBUTES: readonly AttributeMapping[] = [
  { from: 'firstName', to: 'givenName' },
  { from: 'lastName', to: 'sn' },
  { from: 'displayName', to: 'displayName' },
  { from: 'email', to: 'mail', transform: 'lower' },
  { from: 'phone', to: 'telephoneNumber' },
  { from: 'mobile', to: 'mobile' },
  { from: 'title', to: 'title' },
  { from: 'department', to: 'department' },
  { from: 'company', to: 'company' },
  { from: 'office', to: 'physicalDeliveryOfficeName' },
  { from: 'description', to: 'description' },
  { from: 'expires', to: 'accountExpires', transform: 'expiry' },
];

export function correlationOf(config: ActiveDirectoryConfig): { field: string; attribute: string } {
  return config.correlation ?? { field: 'employeeId', attribute: 'employeeID' };
}

export function markerOf(config: ActiveDirectoryConfig): string {
  return config.accounts.marker ?? 'adminDescription';
}
