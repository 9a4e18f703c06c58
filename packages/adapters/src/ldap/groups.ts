/** Membership of groups: changed on the group's side, where it is kept. */
import { type Directory, defineLdapOperation, equal, LDAP, type LdapOperation, type LdapResult } from '@nave/protocols';
import { Type } from 'typebox';
import type { LdapConfig } from './config.ts';
import { Dn, nameOf, wasRefused } from './names.ts';
import type { Scope } from './scope.ts';

const Membership = Type.Object(
  {
    group: Dn,
    member: Type.String({
      minLength: 1,
      maxLength: 4_000,
      description: 'Name of the entry; the user name where groups list those (memberUid)',
    }),
  },
  { additionalProperties: false },
);

const addToGroup = defineLdapOperation(
  {
    ...{
      name: 'addToGroup',
      title: 'Add to a group',
      summary: 'A member already counts as added',
      idempotent: 'always',
      undo: 'removeFromGroup',
    },
    input: Membership,
  },
  (input, scope: Scope) => change(input, scope, 'add'),
);

const removeFromGroup = defineLdapOperation(
  {
    ...{
      name: 'removeFromGroup',
      title: 'Remove from a group',
      summary: 'Who is no member counts as removed',
      idempotent: 'always',
      undo: 'addToGroup',
    },
    input: Membership,
  },
  (input, scope: Scope) => change(input, scope, 'delete'),
);

async function change(
  input: { group: string; member: string },
  { directory, settings }: Scope,
  operation: 'add' | 'delete',
): Promise<LdapResult<unknown>> {
  const attribute = settings.memberAttribute ?? 'member';
  const group = nameOf(input.group, 'group');
  if (!group.ok) return group;
  // memberUid and its kin hold plain names.
  const member = attribute.toLowerCase().endsWith('uid') ? ({ ok: true, value: input.member } as const) : nameOf(input.member, 'member');
  if (!member.ok) return member;
  const modified = await directory.modify(group.value, [{ operation, attribute, values: [Buffer.from(member.value)] }]);
  if (modified.ok) return { ok: true, value: { group: group.value, changed: true } };
  const already = operation === 'add' ? [LDAP.attributeOrValueExists, LDAP.entryAlreadyExists] : [LDAP.noSuchAttribute];
  if (wasRefused(modified, ...already)) return { ok: true, value: { group: group.value, changed: false } };
  // Active Directory says 53 to the removal of someone who is no member, and to much else: only a look tells.
  if (operation === 'add' || !wasRefused(modified, LDAP.unwillingToPerform)) return modified;
  const still = await isMember(directory, group.value, attribute, member.value);
  if (!still.ok) return still;
  return still.value ? modified : { ok: true, value: { group: group.value, changed: false } };
}

async function isMember(directory: Directory, group: string, attribute: string, member: string): Promise<LdapResult<boolean>> {
  const found = await directory.search({ base: group, scope: 'base', filter: equal(attribute, member), attributes: ['1.1'], limit: 1 });
  return found.ok ? { ok: true, value: found.value.entries.length > 0 } : found;
}

export const GROUP_OPERATIONS: readonly LdapOperation<LdapConfig>[] = [addToGroup, removeFromGroup];
