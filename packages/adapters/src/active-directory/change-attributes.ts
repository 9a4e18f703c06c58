/** Brings attributes of an account to what is wanted, and touches only those that differ. */
import { type Directory, firstValue, type LdapChange, type LdapResult } from '@nave/protocols';
import type { Account } from './account.ts';
import type { MappedAttribute } from './map-attributes.ts';

/** Names of the attributes that were changed. */
export async function changeAttributes(
  directory: Directory,
  account: Account,
  wanted: readonly MappedAttribute[],
): Promise<LdapResult<string[]>> {
  const changes: LdapChange[] = wanted
    .filter(({ attribute, value }) => firstValue(account.entry, attribute) !== value)
    .map(({ attribute, value }) => ({ operation: 'replace', attribute, values: value === null ? [] : [Buffer.from(value)] }));
  const changed = changes.map(({ attribute }) => attribute);
  if (changes.length === 0) return { ok: true, value: changed };
  const modified = await directory.modify(account.dn, changes);
  return modified.ok ? { ok: true, value: changed } : modified;
}
