/** Kind `ldap`: any directory that speaks LDAP (OpenLDAP, 389 Directory Server, eDirectory, Active Directory by hand). */
import { defineAdapter, type ErasedAdapter } from '@nave/adapter-kit';
import { LdapCredentials } from '@nave/protocols';
import { LdapConfig } from './config.ts';
import { openLdap } from './deliver.ts';
import { LDAP_OPERATIONS } from './operations.ts';
import { validateLdap } from './validate.ts';

export const ldap: ErasedAdapter = defineAdapter({
  kind: 'ldap',
  title: 'LDAP directory',
  family: 'protocol',
  summary: 'Any directory that speaks LDAP: entries, groups, passwords, searches, over LDAPS or StartTLS.',
  config: LdapConfig,
  credentials: LdapCredentials,
  operations: LDAP_OPERATIONS.map(({ declaration }) => declaration),
  validate: validateLdap,
  events: [],
  verify: ['none'],
  defaults: { concurrency: 4 },
  docs: 'kinds/ldap.md',
  deliver: { open: openLdap },
});
