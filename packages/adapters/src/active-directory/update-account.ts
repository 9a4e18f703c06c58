/** Changes an account: its attributes by the mapping table, or its place in the organisation. */
import { defineLdapOperation, type LdapResult } from '@nave/protocols';
import { Type } from 'typebox';
import { correlationKey, findByKey, noAccount, requireByKey } from './account.ts';
import { changeAttributes } from './change-attributes.ts';
import { type ActiveDirectoryConfig, correlationOf } from './config.ts';
import { type MappedAttribute, mapAttributes } from './map-attributes.ts';
import type { Scope } from './scope.ts';

export const updateAccount = (config: ActiveDirectoryConfig) =>
  defineLdapOperation(
    {
      ...{ name: 'updateAccount', title: 'Update an account', idempotent: 'always', input: Type.Object({}) },
      summary: 'Fields of the mapping table that the input has; null clears, what is not said stays',
    },
    async (input, { directory }: Scope) => {
      const mapped = mapAttributes(config, input);
      return mapped.ok ? apply(input, { directory }, config, async () => mapped) : mapped;
    },
  );

export const organisation = (config: ActiveDirectoryConfig) =>
  defineLdapOperation(
    {
      ...{ name: 'organisation', title: 'Set manager, department and title', idempotent: 'always' },
      summary: 'The manager is named by the same key as the person; null clears',
      input: Type.Object({
        manager: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Number(), Type.Null()])),
        department: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
        title: Type.Optional(Type.Union([Type.String({ maxLength: 128 }), Type.Null()])),
        company: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
        office: Type.Optional(Type.Union([Type.String({ maxLength: 128 }), Type.Null()])),
      }),
    },
    (input, scope: Scope) =>
      apply(input, scope, config, async () => {
        const fixed: MappedAttribute[] = [];
        for (const { field, attribute } of ORGANISATION) {
          const value = input[field];
          if (value !== undefined) fixed.push({ attribute, value: value === '' ? null : value });
        }
        if (input.manager === undefined) return { ok: true, value: fixed };
        if (input.manager === null) return { ok: true, value: [...fixed, { attribute: 'manager', value: null }] };
        const manager = await findByKey(scope.directory, config, String(input.manager));
        if (!manager.ok) return manager;
        if (manager.value === null) return noAccount(`${correlationOf(config).attribute} as manager`);
        return { ok: true, value: [...fixed, { attribute: 'manager', value: manager.value.dn }] };
      }),
  );

const ORGANISATION = [
  { field: 'department', attribute: 'department' },
  { field: 'title', attribute: 'title' },
  { field: 'company', attribute: 'company' },
  { field: 'office', attribute: 'physicalDeliveryOfficeName' },
] as const;

async function apply(
  input: unknown,
  { directory }: Pick<Scope, 'directory'>,
  config: ActiveDirectoryConfig,
  wanted: () => Promise<LdapResult<MappedAttribute[]>>,
): Promise<LdapResult<unknown>> {
  const key = correlationKey(config, input);
  if (!key.ok) return key;
  const account = await requireByKey(directory, config, key.value);
  if (!account.ok) return account;
  const attributes = await wanted();
  if (!attributes.ok) return attributes;
  const changed = await changeAttributes(directory, account.value, attributes.value);
  return changed.ok ? { ok: true, value: { objectGUID: account.value.guid, dn: account.value.dn, changed: changed.value } } : changed;
}
