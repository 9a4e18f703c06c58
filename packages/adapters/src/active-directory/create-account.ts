/** Makes an account in steps, each of which may be the last before a crash: run again, it goes on where it was, and never makes a second one. */
import {
  childDn,
  type Directory,
  defineLdapOperation,
  firstValue,
  LDAP,
  type LdapAttribute,
  type LdapResult,
  type OperationResult,
} from '@nave/protocols';
import { type Static, Type } from 'typebox';
import { type Account, correlationKey, findByKey, findByUserName, MARKER, noAccount } from './account.ts';
import { ACCOUNT, isDisabled, withBits, withoutBits } from './account-control.ts';
import { type ActiveDirectoryConfig, correlationOf, markerOf } from './config.ts';
import { addMember, resolveGroups } from './groups.ts';
import { type MappedAttribute, mapAttributes } from './map-attributes.ts';
import { randomPassword, setPassword } from './passwords.ts';
import { COMMON_NAME_MAX, distinctName, moveInto } from './places.ts';
import type { Scope } from './scope.ts';

/** Windows refuses these in a sAMAccountName, and more than twenty characters. */
const UserName = Type.String({
  pattern: '^[^"/\\\\\\[\\]:;|=,+*?<>@\\s]{1,20}$',
  description: 'sAMAccountName: at most 20 characters',
});
const GroupNames = Type.Array(Type.String({ minLength: 1, maxLength: 2_000 }), { maxItems: 500 });

const Input = Type.Object({
  userName: UserName,
  displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  firstName: Type.Optional(Type.String({ maxLength: 64 })),
  lastName: Type.Optional(Type.String({ maxLength: 64 })),
  userPrincipalName: Type.Optional(Type.String({ minLength: 3, maxLength: 1_024 })),
  groups: Type.Optional(GroupNames),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 127, description: 'Only with mode must-change' })),
});
type Input = Static<typeof Input>;

export const createAccount = (config: ActiveDirectoryConfig) =>
  defineLdapOperation(
    {
      ...{ name: 'createAccount', title: 'Create an account', idempotent: 'always' },
      summary: 'Disabled first, then password, enabled, groups, moved; an account that is complete already is left as it is',
      undo: config.accounts.deletable === true ? 'deleteAccount' : 'disableAccount',
      input: Input,
    },
    async (input, scope: Scope): Promise<OperationResult> => {
      const { directory } = scope;
      const key = correlationKey(config, input);
      if (!key.ok) return key;
      const mapped = mapAttributes(config, input);
      if (!mapped.ok) return mapped;
      const groups = await resolveGroups(directory, config, input.groups ?? []);
      if (!groups.ok) return groups;
      for (let turn = 1; ; turn++) {
        const result = await bring(scope, input, { key: key.value, mapped: mapped.value, groups: groups.value });
        // Told twice at the same time, one meets an account that the other has just moved: another look tells where it is.
        if (result.ok || result.failure.code !== LDAP.noSuchObject || turn === TURNS_MAX) return result;
      }
    },
  );

const TURNS_MAX = 3;

interface Wanted {
  key: string;
  mapped: readonly MappedAttribute[];
  groups: readonly string[];
}

async function bring(scope: Scope, input: Input, { key, mapped, groups }: Wanted): Promise<OperationResult> {
  const known = await findByKey(scope.directory, scope.settings.config, key);
  if (!known.ok) return known;
  if (known.value !== null && !known.value.unfinished)
    return { ok: true, value: outputOf(known.value, known.value.dn, { created: false, existed: true }) };
  const account = known.value === null ? await add(scope, input, key, mapped) : ({ ok: true, value: known.value } as const);
  return account.ok ? complete(scope, input, account.value, groups, known.value !== null) : account;
}

/** Step one: the account, disabled, marked as unfinished. */
async function add(scope: Scope, input: Input, key: string, mapped: readonly MappedAttribute[]): Promise<LdapResult<Account>> {
  const { directory, settings } = scope;
  const { config } = settings;
  const taken = await findByUserName(directory, config, input.userName);
  if (!taken.ok) return taken;
  const { attribute } = correlationOf(config);
  if (taken.value !== null && firstValue(taken.value.entry, attribute) === key) return { ok: true, value: taken.value };
  if (taken.value !== null) return nameTaken(`the user name belongs to an account with another ${attribute}`);
  const parent = config.accounts.createIn ?? config.accounts.container;
  const display = input.displayName ?? [input.firstName, input.lastName].filter((part) => part).join(' ');
  const common = (display === '' ? input.userName : display).slice(0, COMMON_NAME_MAX);
  const attributes = attributesOf(config, input, key, mapped);
  // Two people of one name: within a container the common name has to differ.
  for (const cn of [common, distinctName(common, input.userName)]) {
    const dn = childDn([{ attribute: 'CN', value: cn }], parent);
    const added = await directory.add(dn, attributes);
    if (!added.ok && added.failure.code !== LDAP.entryAlreadyExists) return added;
    const found = await findByKey(directory, config, key);
    if (!found.ok) return found;
    if (found.value !== null) return { ok: true, value: found.value };
    if (added.ok) return noAccount(`${correlationOf(config).attribute} right after it was created: the service account may not read it`);
  }
  return nameTaken('the name is taken in the container, also with the key behind it');
}

function attributesOf(config: ActiveDirectoryConfig, input: Input, key: string, mapped: readonly MappedAttribute[]): LdapAttribute[] {
  const upn =
    input.userPrincipalName ?? (config.accounts.upnSuffix === undefined ? null : `${input.userName}@${config.accounts.upnSuffix}`);
  const values = new Map<string, string>();
  for (const { attribute, value } of mapped) if (value !== null) values.set(attribute, value);
  values.set('sAMAccountName', input.userName);
  if (upn !== null) values.set('userPrincipalName', upn);
  values.set('userAccountControl', String(withBits(ACCOUNT.normal, ACCOUNT.disabled)));
  values.set(correlationOf(config).attribute, key);
  values.set(markerOf(config), MARKER);
  const classes = ['top', 'person', 'organizationalPerson', 'user'].map((name) => Buffer.from(name));
  return [{ name: 'objectClass', values: classes }, ...[...values].map(([name, value]) => ({ name, values: [Buffer.from(value)] }))];
}

/** The other steps. Each looks at what is there and does what is missing. */
async function complete(
  scope: Scope,
  input: Input,
  account: Account,
  groups: readonly string[],
  resumed: boolean,
): Promise<OperationResult> {
  const { directory, settings } = scope;
  const { config, encrypted } = settings;
  const mode = config.password?.mode ?? 'random';
  const steps: string[] = [resumed ? 'found' : 'created'];
  const stopped = (failure: LdapResult<unknown>, step: string): OperationResult =>
    failure.ok
      ? failure
      : {
          ...failure,
          failure: { ...failure.failure, detail: `${step}: ${failure.failure.detail}` },
          report: { objectGUID: account.guid, steps, stoppedAt: step },
        };

  if (mode !== 'none' && isDisabled(account.control)) {
    const given = mode === 'must-change' ? input.password : undefined;
    const set = await setPassword(directory, account.dn, given ?? randomPassword(config.password?.length), encrypted);
    if (!set.ok) return stopped(set, 'password');
    steps.push('password');
    const enabled = await enable(directory, account, mode === 'must-change');
    if (!enabled.ok) return stopped(enabled, 'enable');
    steps.push('enabled');
  }
  for (const group of groups) {
    const added = await addMember(directory, group, account.dn);
    if (!added.ok) return stopped(added, 'groups');
  }
  if (groups.length > 0) steps.push('groups');
  const moved = await moveInto(directory, account.dn, config.accounts.container, account.userName);
  if (!moved.ok) return stopped(moved, 'move');
  steps.push('moved');
  const unmarked = await directory.modify(moved.value, [{ operation: 'replace', attribute: markerOf(config), values: [] }]);
  if (!unmarked.ok) return stopped(unmarked, 'finish');
  return {
    ok: true,
    value: outputOf(account, moved.value, { created: !resumed, existed: false, enabled: mode !== 'none', groups, steps }),
  };
}

function enable(directory: Directory, { dn, control }: Account, mustChange: boolean): Promise<LdapResult<null>> {
  const value = withBits(withoutBits(control, ACCOUNT.disabled | ACCOUNT.passwordNotRequired), ACCOUNT.normal);
  return directory.modify(dn, [
    { operation: 'replace', attribute: 'userAccountControl', values: [Buffer.from(String(value))] },
    ...(mustChange ? [{ operation: 'replace', attribute: 'pwdLastSet', values: [Buffer.from('0')] } as const] : []),
  ]);
}

function outputOf(account: Account, dn: string, more: object): object {
  return { objectGUID: account.guid, userName: account.userName, dn, ...more };
}

function nameTaken(detail: string): ReturnType<typeof noAccount> {
  const { failure, ok } = noAccount('');
  return { ok, failure: { ...failure, code: LDAP.entryAlreadyExists, detail } };
}
