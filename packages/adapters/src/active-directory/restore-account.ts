/** Takes back what `disableAccount` did, from the proof it gave. The password stays the random one: somebody has to set a new one. */
import { defineLdapOperation, type OperationResult } from '@nave/protocols';
import { Type } from 'typebox';
import { findByGuid, noAccount } from './account.ts';
import { ACCOUNT, isDisabled, withoutBits } from './account-control.ts';
import type { ActiveDirectoryConfig } from './config.ts';
import { addMember } from './groups.ts';
import { moveInto } from './places.ts';
import type { Scope } from './scope.ts';

const Restore = Type.Object({
  objectGUID: Type.String(),
  place: Type.Union([Type.String({ maxLength: 2_000 }), Type.Null()]),
  enabled: Type.Boolean(),
  groups: Type.Array(Type.String({ maxLength: 2_000 }), { maxItems: 2_000 }),
});

export const restoreAccount = (config: ActiveDirectoryConfig) =>
  defineLdapOperation(
    {
      ...{ name: 'restoreAccount', title: 'Restore a disabled account', idempotent: 'always' },
      summary: 'Place, groups and state as the output of disableAccount tells; the input is that output',
      input: Type.Object({ restore: Restore }),
    },
    async ({ restore }, { directory }: Scope): Promise<OperationResult> => {
      const found = await findByGuid(directory, config, restore.objectGUID);
      if (!found.ok) return found;
      if (found.value === null) return noAccount('objectGUID');
      const account = found.value;
      const moved =
        restore.place === null
          ? ({ ok: true, value: account.dn } as const)
          : await moveInto(directory, account.dn, restore.place, account.userName);
      if (!moved.ok) return moved;
      for (const group of restore.groups) {
        const added = await addMember(directory, group, moved.value);
        if (!added.ok) return added;
      }
      if (restore.enabled && isDisabled(account.control)) {
        const control = withoutBits(account.control, ACCOUNT.disabled);
        const enabled = await directory.modify(moved.value, [
          { operation: 'replace', attribute: 'userAccountControl', values: [Buffer.from(String(control))] },
        ]);
        if (!enabled.ok) return enabled;
      }
      return {
        ok: true,
        value: { objectGUID: account.guid, dn: moved.value, groups: restore.groups, enabled: restore.enabled, passwordReset: true },
      };
    },
  );
