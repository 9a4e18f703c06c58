/** Makes somebody be in exactly the groups that are named, among those that are managed. */
import { defineLdapOperation, isSameDn, type LdapResult } from '@nave/protocols';
import { Type } from 'typebox';
import { correlationKey, requireByKey } from './account.ts';
import type { ActiveDirectoryConfig } from './config.ts';
import { addMember, isManaged, removeMember, resolveGroups } from './groups.ts';
import type { Scope } from './scope.ts';

export const syncGroups = (config: ActiveDirectoryConfig) =>
  defineLdapOperation(
    {
      ...{ name: 'syncGroups', title: 'Set groups', idempotent: 'always' },
      summary: 'Exactly these among the managed groups; membership of any other group stays as it is',
      input: Type.Object({ groups: Type.Array(Type.String({ minLength: 1, maxLength: 2_000 }), { maxItems: 500 }) }),
    },
    async (input, { directory }: Scope): Promise<LdapResult<unknown> & { report?: unknown }> => {
      const key = correlationKey(config, input);
      if (!key.ok) return key;
      const wanted = await resolveGroups(directory, config, input.groups);
      if (!wanted.ok) return wanted;
      const account = await requireByKey(directory, config, key.value);
      if (!account.ok) return account;
      const current = account.value.groups.filter((group) => isManaged(config, group));
      const has = (list: readonly string[], group: string): boolean => list.some((each) => isSameDn(each, group));
      const report = {
        objectGUID: account.value.guid,
        added: [] as string[],
        removed: [] as string[],
        kept: current.filter((group) => has(wanted.value, group)),
      };
      // Access is taken before it is given: who changes position never has both.
      for (const group of current.filter((each) => !has(wanted.value, each))) {
        const removed = await removeMember(directory, group, account.value.dn);
        if (!removed.ok) return { ...removed, report };
        if (removed.value) report.removed.push(group);
      }
      for (const group of wanted.value.filter((each) => !has(current, each))) {
        const added = await addMember(directory, group, account.value.dn);
        if (!added.ok) return { ...added, report };
        if (added.value) report.added.push(group);
      }
      return { ok: true, value: report };
    },
  );
