/** Sets a password as an administrator does. */
import { defineLdapOperation, resetPassword } from '@nave/protocols';
import { Type } from 'typebox';
import { Dn, nameOf } from './names.ts';
import type { Scope } from './scope.ts';

export const setPassword = defineLdapOperation(
  {
    ...{ name: 'setPassword', title: 'Set a password', summary: 'The old one is not asked for', idempotent: 'always' },
    input: Type.Object({ dn: Dn, password: Type.String({ minLength: 1, maxLength: 1_000 }) }, { additionalProperties: false }),
  },
  async (input, { directory, settings }: Scope) => {
    const name = nameOf(input.dn, 'dn');
    if (!name.ok) return name;
    const set =
      settings.passwordStyle === 'unicodePwd'
        ? await directory.modify(name.value, [resetPassword(input.password)])
        : await directory.setPassword(name.value, input.password);
    return set.ok ? { ok: true, value: { dn: name.value } } : set;
  },
);
