/** The operations of one `active-directory` spoke. */
import type { OperationDeclaration } from '@nave/adapter-kit';
import { LDAP, type LdapOperation } from '@nave/protocols';
import { type ActiveDirectoryConfig, correlationOf } from './config.ts';
import { createAccount } from './create-account.ts';
import { deleteAccount } from './delete-account.ts';
import { disableAccount } from './disable-account.ts';
import { findAccount, groupMembers } from './lookups.ts';
import { restoreAccount } from './restore-account.ts';
import type { Settings } from './scope.ts';
import { syncGroups } from './sync-groups.ts';
import { organisation, updateAccount } from './update-account.ts';

export function activeDirectoryOperations(config: ActiveDirectoryConfig): readonly LdapOperation<Settings>[] {
  return [
    createAccount,
    lookingAgain(updateAccount),
    disableAccount,
    restoreAccount,
    deleteAccount,
    lookingAgain(syncGroups),
    lookingAgain(organisation),
    findAccount,
    groupMembers,
  ].map((make) => make(config));
}

type Made = (config: ActiveDirectoryConfig) => LdapOperation<Settings>;
const TURNS_MAX = 3;

/** An account may be moved between a look and a change, by another delivery or by an administrator: another look tells where it is. For operations that can run again. */
function lookingAgain(make: Made): Made {
  return (config) => {
    const operation = make(config);
    return {
      ...operation,
      async run(input, scope) {
        for (let turn = 1; ; turn++) {
          const result = await operation.run(input, scope);
          if (result.ok || result.failure.code !== LDAP.noSuchObject || turn === TURNS_MAX) return result;
        }
      },
    };
  };
}

/** Operations whose input names a person. */
const OF_PERSONS = new Set(['createAccount', 'updateAccount', 'disableAccount', 'deleteAccount', 'syncGroups', 'organisation']);

/** Declarations with the field that names a person, as the spoke calls it. */
export function declarationsOf(config: ActiveDirectoryConfig): readonly OperationDeclaration[] {
  const { field } = correlationOf(config);
  return activeDirectoryOperations(config).map(({ declaration }) => {
    if (!OF_PERSONS.has(declaration.name) || field.includes('.')) return declaration;
    const { properties, required, ...rest } = declaration.input;
    const key = { anyOf: [{ type: 'string', minLength: 1, maxLength: 64 }, { type: 'number' }], description: 'Names the person' };
    const also = Array.isArray(required) ? required : [];
    return { ...declaration, input: { ...rest, properties: { [field]: key, ...Object(properties) }, required: [field, ...also] } };
  });
}

/** For the gallery, where no spoke says what its fields are called. */
export const DECLARATIONS = declarationsOf({ url: 'ldaps://dc.example', baseDn: 'DC=example', accounts: { container: 'DC=example' } });
