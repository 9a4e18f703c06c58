/** Where an account is, and what it is called there: within a container a common name is given once. */
import { childDn, type Directory, failed, formatRdn, isSameDn, LDAP, type LdapResult, splitDn } from '@nave/protocols';

/** Of a common name (MS-ADA1, `cn`). */
export const COMMON_NAME_MAX = 64;

/** A common name that nobody else has: with the user name, which is unique in the domain, behind it. */
export function distinctName(common: string, userName: string): string {
  return `${common.slice(0, COMMON_NAME_MAX - userName.length - 3)} (${userName})`;
}

/** Moves an account below a container; gives its new name, the old one when it is there already. Where the common name is taken it gets a distinct one. */
export async function moveInto(directory: Directory, dn: string, container: string, userName: string): Promise<LdapResult<string>> {
  const parts = splitDn(dn);
  const [part] = parts?.rdn ?? [];
  if (parts === null || part === undefined) return failed('invalid', 'the account has no readable name');
  if (isSameDn(parts.parent, container)) return { ok: true, value: dn };
  const moved = await directory.modifyDn(dn, formatRdn(parts.rdn), container);
  if (moved.ok) return { ok: true, value: childDn(parts.rdn, container) };
  if (moved.failure.code !== LDAP.entryAlreadyExists || part.value.endsWith(`(${userName})`)) return moved;
  const distinct = [{ ...part, value: distinctName(part.value, userName) }];
  const again = await directory.modifyDn(dn, formatRdn(distinct), container);
  return again.ok ? { ok: true, value: childDn(distinct, container) } : again;
}
