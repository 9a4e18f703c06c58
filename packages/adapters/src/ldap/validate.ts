/** What the schema of an `ldap` spoke cannot say. */
import type { FieldProblem } from '@nave/core';
import { type LdapCredentials, ldapConnectionProblems, normaliseDn } from '@nave/protocols';
import type { LdapConfig } from './config.ts';

export function validateLdap(config: LdapConfig, credentials: LdapCredentials): FieldProblem[] {
  const problems = ldapConnectionProblems(config, credentials);
  if (config.baseDn !== undefined && normaliseDn(config.baseDn) === null)
    problems.push({ path: '/config/baseDn', message: 'expected a distinguished name, such as dc=example,dc=com' });
  return problems;
}
