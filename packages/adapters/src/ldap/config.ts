/** The configuration of an `ldap` spoke: how the directory is reached, and the few things in which directories differ. */
import { LDAP_CONNECTION_FIELDS } from '@nave/protocols';
import { type Static, Type } from 'typebox';

export const LdapConfig = Type.Object(
  {
    ...LDAP_CONNECTION_FIELDS,
    baseDn: Type.Optional(
      Type.String({ maxLength: 2_000, description: 'Where searches start that name no base; a check looks whether it is there' }),
    ),
    passwordStyle: Type.Optional(
      Type.Union([Type.Literal('rfc3062'), Type.Literal('unicodePwd')], {
        description:
          'How passwords are set: the Password Modify operation (most directories, the default) or the attribute of Active Directory',
      }),
    ),
    memberAttribute: Type.Optional(
      Type.String({ pattern: '^[A-Za-z][A-Za-z0-9-]{0,62}$', description: 'Attribute of a group that lists its members. Default member' }),
    ),
  },
  { additionalProperties: false },
);
export type LdapConfig = Static<typeof LdapConfig>;
