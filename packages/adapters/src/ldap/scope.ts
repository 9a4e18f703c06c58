/** What the operations of an `ldap` spoke work with. */
import type { OperationScope } from '@nave/protocols';
import type { LdapConfig } from './config.ts';

export type Scope = OperationScope<LdapConfig>;
