/** The operations of every `ldap` spoke. */
import type { LdapOperation } from '@nave/protocols';
import type { LdapConfig } from './config.ts';
import { ENTRY_OPERATIONS } from './entries.ts';
import { GROUP_OPERATIONS } from './groups.ts';
import { RENAME_OPERATIONS } from './rename.ts';
import { search } from './search.ts';
import { setPassword } from './set-password.ts';
import { upsert } from './upsert.ts';

export const LDAP_OPERATIONS: readonly LdapOperation<LdapConfig>[] = [
  ...ENTRY_OPERATIONS,
  upsert,
  ...RENAME_OPERATIONS,
  search,
  ...GROUP_OPERATIONS,
  setPassword,
];
