/** Gives an entry another name, or another place. */
import {
  childDn,
  type Directory,
  defineLdapOperation,
  failed,
  formatRdn,
  isSameDn,
  LDAP,
  type LdapOperation,
  type OperationResult,
  parseDn,
  splitDn,
} from '@nave/protocols';
import { Type } from 'typebox';
import type { LdapConfig } from './config.ts';
import { Dn, nameOf, wasRefused } from './names.ts';
import type { Scope } from './scope.ts';

const closed = { additionalProperties: false };

const rename = defineLdapOperation(
  {
    ...{ name: 'rename', title: 'Rename an entry', summary: 'Its own part of the name; it stays where it is', idempotent: 'always' },
    input: Type.Object({ dn: Dn, newRdn: Type.String({ minLength: 3, maxLength: 1_000, description: 'Such as cn=New name' }) }, closed),
  },
  async (input, { directory }: Scope) => {
    const name = nameOf(input.dn, 'dn');
    if (!name.ok) return name;
    const [rdn, ...more] = parseDn(input.newRdn) ?? [];
    const parts = splitDn(name.value);
    if (rdn === undefined || more.length > 0 || parts === null)
      return failed('invalid', '/newRdn is not one part of a name, such as cn=New name');
    return moveTo(directory, name.value, formatRdn(rdn), null, childDn(rdn, parts.parent));
  },
);

const move = defineLdapOperation(
  {
    ...{ name: 'move', title: 'Move an entry', summary: 'Below another parent, with the name it has', idempotent: 'always' },
    input: Type.Object({ dn: Dn, newParent: Dn }, closed),
  },
  async (input, { directory }: Scope) => {
    const [name, parent] = [nameOf(input.dn, 'dn'), nameOf(input.newParent, 'newParent')];
    if (!name.ok) return name;
    if (!parent.ok) return parent;
    const parts = splitDn(name.value);
    if (parts === null) return failed('invalid', '/dn is not a distinguished name');
    return moveTo(directory, name.value, formatRdn(parts.rdn), parent.value, childDn(parts.rdn, parent.value));
  },
);

/** A repeated request finds the entry under its new name only. */
async function moveTo(
  directory: Directory,
  from: string,
  newRdn: string,
  newSuperior: string | null,
  to: string,
): Promise<OperationResult> {
  if (isSameDn(from, to) && from === to) return { ok: true, value: { dn: to, moved: false } };
  const moved = await directory.modifyDn(from, newRdn, newSuperior);
  if (moved.ok) return { ok: true, value: { dn: to, moved: true } };
  if (!wasRefused(moved, LDAP.noSuchObject)) return moved;
  const there = await directory.read(to, ['1.1']);
  if (!there.ok) return there;
  return there.value === null ? moved : { ok: true, value: { dn: there.value.dn, moved: false } };
}

export const RENAME_OPERATIONS: readonly LdapOperation<LdapConfig>[] = [rename, move];
