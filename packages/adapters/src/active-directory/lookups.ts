/** Operations that only read. */
import { defineLdapOperation, failed, type LdapResult } from '@nave/protocols';
import { Type } from 'typebox';
import { type Account, accountJson, correlationKey, findByGuid, findByKey, findByUserName } from './account.ts';
import { type ActiveDirectoryConfig, correlationOf } from './config.ts';
import { resolveGroup } from './groups.ts';
import { fieldOf } from './map-attributes.ts';
import { readLongAttribute } from './read-long-attribute.ts';
import type { Scope } from './scope.ts';

export const findAccount = (config: ActiveDirectoryConfig) =>
  defineLdapOperation(
    {
      ...{ name: 'findAccount', title: 'Find an account', idempotent: 'always' },
      summary: 'By the key of the person, by user name or by objectGUID; null where there is none',
      input: Type.Object({
        userName: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
        objectGUID: Type.Optional(Type.String({ maxLength: 38 })),
      }),
    },
    async (input, { directory }: Scope) => {
      const find = async (): Promise<LdapResult<Account | null>> => {
        if (fieldOf(input, correlationOf(config).field) !== undefined) {
          const key = correlationKey(config, input);
          return key.ok ? findByKey(directory, config, key.value) : key;
        }
        if (input.objectGUID !== undefined) return findByGuid(directory, config, input.objectGUID);
        if (input.userName !== undefined) return findByUserName(directory, config, input.userName);
        return failed('invalid', `one of /${correlationOf(config).field}, /userName, /objectGUID is required`);
      };
      const found = await find();
      return found.ok ? { ok: true, value: found.value === null ? null : accountJson(found.value, config) } : found;
    },
  );

export const groupMembers = (config: ActiveDirectoryConfig) =>
  defineLdapOperation(
    {
      ...{ name: 'groupMembers', title: 'List the members of a group', idempotent: 'always' },
      summary: 'Direct members, however many; null where there is no such group',
      input: Type.Object({ group: Type.String({ minLength: 1, maxLength: 2_000 }) }),
    },
    async ({ group }, { directory }: Scope) => {
      const dn = await resolveGroup(directory, config, group);
      if (!dn.ok) return dn;
      if (dn.value === null) return { ok: true, value: null };
      const entry = await directory.read(dn.value, ['member']);
      if (!entry.ok) return entry;
      if (entry.value === null) return { ok: true, value: null };
      const members = await readLongAttribute(directory, entry.value, 'member');
      return members.ok ? { ok: true, value: { group: dn.value, members: members.value } } : members;
    },
  );
