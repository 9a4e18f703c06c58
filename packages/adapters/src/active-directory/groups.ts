/** Groups: which are ours, and members of one. The group's side is where membership is kept; `memberOf` is only worked out from it. */
import {
  allOf,
  type Directory,
  equal,
  failed,
  isSameDn,
  isWithin,
  LDAP,
  type LdapFilter,
  type LdapResult,
  normaliseDn,
} from '@nave/protocols';
import type { ActiveDirectoryConfig } from './config.ts';

const NAMES_MAX = 500;

/** Whether a group may be changed. */
export function isManaged({ groups }: ActiveDirectoryConfig, dn: string): boolean {
  if (groups === undefined) return false;
  if (groups.base !== undefined && isWithin(dn, groups.base)) return true;
  return groups.managed?.some((managed) => isSameDn(managed, dn)) === true;
}

/** The names of managed groups for what an input calls them: distinguished names, or names that are unique. */
export async function resolveGroups(
  directory: Directory,
  config: ActiveDirectoryConfig,
  names: readonly string[],
): Promise<LdapResult<string[]>> {
  if (names.length > NAMES_MAX) return failed('invalid', `/groups has more than ${NAMES_MAX} names`);
  const resolved: string[] = [];
  for (const [index, name] of names.entries()) {
    const found = await resolveGroup(directory, config, name);
    if (!found.ok) return found;
    if (found.value === null) return failed('invalid', `/groups/${index} is not the name of one group`);
    const { value } = found;
    if (!isManaged(config, value)) return failed('invalid', `/groups/${index} is not among the managed groups of the spoke`);
    if (!resolved.some((dn) => isSameDn(dn, value))) resolved.push(value);
  }
  return { ok: true, value: resolved };
}

/** Null when no group, or more than one, is called that. */
export async function resolveGroup(directory: Directory, config: ActiveDirectoryConfig, name: string): Promise<LdapResult<string | null>> {
  const group = equal('objectClass', 'group');
  const dn = name.includes('=') ? normaliseDn(name) : null;
  if (dn !== null) {
    const found = await directory.read(dn, ['objectClass']);
    if (!found.ok) return found;
    return { ok: true, value: found.value === null ? null : found.value.dn };
  }
  const named: LdapFilter = { kind: 'or', filters: [equal('sAMAccountName', name), equal('cn', name)] };
  const base = config.groups?.base ?? config.baseDn;
  const found = await directory.search({ base, scope: 'sub', filter: allOf(group, named), attributes: ['1.1'], limit: 2 });
  if (!found.ok) return found;
  const [first, second] = found.value.entries;
  return { ok: true, value: first === undefined || second !== undefined ? null : first.dn };
}

/** Whether it changed something: a member already is added. */
export async function addMember(directory: Directory, group: string, member: string): Promise<LdapResult<boolean>> {
  const added = await directory.modify(group, [{ operation: 'add', attribute: 'member', values: [Buffer.from(member)] }]);
  if (added.ok) return { ok: true, value: true };
  const already = [LDAP.entryAlreadyExists, LDAP.attributeOrValueExists].some((code) => code === added.failure.code);
  return already ? { ok: true, value: false } : added;
}

/** Whether it changed something: who is no member is removed. */
export async function removeMember(directory: Directory, group: string, member: string): Promise<LdapResult<boolean>> {
  const removed = await directory.modify(group, [{ operation: 'delete', attribute: 'member', values: [Buffer.from(member)] }]);
  if (removed.ok) return { ok: true, value: true };
  if (removed.failure.code === LDAP.noSuchAttribute) return { ok: true, value: false };
  // 53 is said to someone who is no member, and to much else (the primary group): only a look tells.
  if (removed.failure.code !== LDAP.unwillingToPerform) return removed;
  const still = await directory.search({ base: group, scope: 'base', filter: equal('member', member), attributes: ['1.1'], limit: 1 });
  if (!still.ok) return still;
  return still.value.entries.length === 0 ? { ok: true, value: false } : removed;
}
