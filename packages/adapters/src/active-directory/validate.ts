/** What the schema of an `active-directory` spoke cannot say. */
import type { FieldProblem } from '@nave/core';
import { isWithin, type LdapCredentials, ldapConnectionProblems, ldapTarget, normaliseDn } from '@nave/protocols';
import type { ActiveDirectoryConfig } from './config.ts';

export function validateActiveDirectory(config: ActiveDirectoryConfig, credentials: LdapCredentials): FieldProblem[] {
  const problems = ldapConnectionProblems(config, credentials);
  const name = (path: string, dn: string | undefined): void => {
    if (dn === undefined) return;
    if (normaliseDn(dn) === null) problems.push({ path, message: 'expected a distinguished name, such as OU=Staff,DC=corp,DC=example' });
    else if (path !== '/config/baseDn' && normaliseDn(config.baseDn) !== null && !isWithin(dn, config.baseDn))
      problems.push({ path, message: 'expected a name below baseDn: accounts are looked for there' });
  };
  name('/config/baseDn', config.baseDn);
  name('/config/accounts/container', config.accounts.container);
  name('/config/accounts/createIn', config.accounts.createIn);
  name('/config/accounts/leavers', config.accounts.leavers);
  name('/config/groups/base', config.groups?.base);
  for (const [index, group] of (config.groups?.managed ?? []).entries()) name(`/config/groups/managed/${index}`, group);
  if (ldapTarget(config)?.security === 'plain' && config.password?.mode !== 'none')
    problems.push({
      path: '/config/url',
      message: 'expected an ldaps URL or "startTls": true: Active Directory takes passwords over an encrypted connection only',
    });
  return problems;
}
