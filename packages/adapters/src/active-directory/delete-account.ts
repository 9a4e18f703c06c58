/** Deletes an account for good. Its identity does not come back with a new account of the same name. */
import { defineLdapOperation, failed, LDAP } from '@nave/protocols';
import { Type } from 'typebox';
import { correlationKey, findByKey } from './account.ts';
import type { ActiveDirectoryConfig } from './config.ts';
import type { Scope } from './scope.ts';

export const deleteAccount = (config: ActiveDirectoryConfig) =>
  defineLdapOperation(
    {
      ...{ name: 'deleteAccount', title: 'Delete an account', idempotent: 'always', input: Type.Object({}) },
      summary: 'An account that is not there counts as deleted. Refused unless the spoke says "deletable"',
    },
    async (input, { directory }: Scope) => {
      if (config.accounts.deletable !== true)
        return failed('refused', 'accounts of this spoke are not deleted: config.accounts.deletable is not true');
      const key = correlationKey(config, input);
      if (!key.ok) return key;
      const found = await findByKey(directory, config, key.value);
      if (!found.ok) return found;
      if (found.value === null) return { ok: true, value: { deleted: false } };
      const removed = await directory.remove(found.value.dn);
      if (!removed.ok && removed.failure.code !== LDAP.noSuchObject) return removed;
      return { ok: true, value: { objectGUID: found.value.guid, deleted: true } };
    },
  );
