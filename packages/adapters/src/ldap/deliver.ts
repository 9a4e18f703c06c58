/** Delivers to an `ldap` spoke. */
import type { AdapterContext, SpokeConnection } from '@nave/adapter-kit';
import { type LdapCredentials, openLdapConnection } from '@nave/protocols';
import type { LdapConfig } from './config.ts';
import { LDAP_OPERATIONS } from './operations.ts';

export function openLdap(config: LdapConfig, context: AdapterContext<LdapCredentials>): SpokeConnection {
  const expected = config.baseDn === undefined ? [] : [{ check: 'base', dn: config.baseDn }];
  return openLdapConnection({ config, context, settings: config, operations: LDAP_OPERATIONS, expected });
}
