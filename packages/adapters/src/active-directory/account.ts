/** Accounts: found by what never changes, read into one form. */
import {
  allOf,
  buffersOf,
  type Directory,
  equal,
  failed,
  firstValue,
  type LdapEntry,
  type LdapFilter,
  type LdapResult,
  NO_DIAGNOSTIC,
  valuesOf,
} from '@nave/protocols';
import { isDisabled, readControl } from './account-control.ts';
import { type ActiveDirectoryConfig, correlationOf, DEFAULT_ATTRIBUTES, markerOf } from './config.ts';
import { msOfFileTime } from './file-time.ts';
import { fieldOf } from './map-attributes.ts';
import { guidBytes, guidText } from './object-guid.ts';
import { readLongAttribute } from './read-long-attribute.ts';

export interface Account {
  dn: string;
  guid: string;
  userName: string;
  control: number;
  /** Names of groups other than the primary one. */
  groups: readonly string[];
  /** It is still being made. */
  unfinished: boolean;
  passwordSet: boolean;
  entry: LdapEntry;
}

const PERSON: LdapFilter = allOf(equal('objectClass', 'user'), { kind: 'not', filter: equal('objectClass', 'computer') });
const ALWAYS = [
  'objectGUID',
  'sAMAccountName',
  'userPrincipalName',
  'userAccountControl',
  'pwdLastSet',
  'memberOf',
  'accountExpires',
  'cn',
  'manager',
];
const KEY_LENGTH_MAX = 64;

/** Attributes that are read of every account. */
export function accountAttributes(config: ActiveDirectoryConfig): string[] {
  const mapped = (config.attributes ?? DEFAULT_ATTRIBUTES).map(({ to }) => to);
  return [...new Set([...ALWAYS, correlationOf(config).attribute, markerOf(config), ...mapped])];
}

/** What names the person in an input. */
export function correlationKey(config: ActiveDirectoryConfig, input: unknown, field = correlationOf(config).field): LdapResult<string> {
  const given = fieldOf(input, field);
  const key = typeof given === 'number' ? String(given) : given;
  if (typeof key !== 'string' || key.trim() === '' || key.length > KEY_LENGTH_MAX)
    return failed('invalid', `/${field} is required, as text`);
  return { ok: true, value: key.trim() };
}

/** The account of a person, null where there is none. */
export function findByKey(directory: Directory, config: ActiveDirectoryConfig, key: string): Promise<LdapResult<Account | null>> {
  return findAccount(directory, config, equal(correlationOf(config).attribute, key));
}

export function findByUserName(directory: Directory, config: ActiveDirectoryConfig, userName: string): Promise<LdapResult<Account | null>> {
  return findAccount(directory, config, equal('sAMAccountName', userName));
}

export async function findByGuid(directory: Directory, config: ActiveDirectoryConfig, guid: string): Promise<LdapResult<Account | null>> {
  const bytes = guidBytes(guid);
  return bytes === null ? failed('invalid', '/objectGUID is not a GUID') : findAccount(directory, config, equal('objectGUID', bytes));
}

/** As `findByKey`; nobody there is a refusal. */
export async function requireByKey(directory: Directory, config: ActiveDirectoryConfig, key: string): Promise<LdapResult<Account>> {
  const found = await findByKey(directory, config, key);
  if (!found.ok) return found;
  return found.value === null ? noAccount(correlationOf(config).attribute) : { ok: true, value: found.value };
}

export function noAccount(attribute: string): { ok: false; failure: ReturnType<typeof failed>['failure'] } {
  return { ok: false, failure: { kind: 'result', code: 32, diagnostic: NO_DIAGNOSTIC, detail: `no account has this ${attribute}` } };
}

async function findAccount(directory: Directory, config: ActiveDirectoryConfig, filter: LdapFilter): Promise<LdapResult<Account | null>> {
  const attributes = accountAttributes(config);
  const found = await directory.search({ base: config.baseDn, scope: 'sub', filter: allOf(PERSON, filter), attributes, limit: 2 });
  if (!found.ok) return found;
  const [entry, other] = found.value.entries;
  if (other !== undefined) return failed('invalid', 'more than one account fits: which one is meant cannot be known');
  if (entry === undefined) return { ok: true, value: null };
  const groups = await readLongAttribute(directory, entry, 'memberOf');
  return groups.ok ? accountOf(entry, groups.value, config) : groups;
}

/** Reads an entry as an account. */
export function accountOf(entry: LdapEntry, groups: readonly string[], config: ActiveDirectoryConfig): LdapResult<Account> {
  const [bytes] = buffersOf(entry, 'objectGUID');
  const guid = bytes === undefined ? null : guidText(bytes);
  const control = readControl(firstValue(entry, 'userAccountControl'));
  const userName = firstValue(entry, 'sAMAccountName');
  if (guid === null || control === null || userName === null)
    return failed(
      'invalid',
      'the account cannot be read: objectGUID, sAMAccountName or userAccountControl is missing; the service account may lack the right',
    );
  return {
    ok: true,
    value: {
      ...{ dn: entry.dn, guid, userName, control, groups, entry },
      unfinished: (firstValue(entry, markerOf(config)) ?? '').startsWith(MARKER),
      passwordSet: !['0', null].includes(firstValue(entry, 'pwdLastSet')),
    },
  };
}

/** Stands in the marker of accounts that are being made. */
export const MARKER = 'nave:creating';

/** An account as outputs and events show it. */
export function accountJson(account: Account, config: ActiveDirectoryConfig): Readonly<Record<string, unknown>> {
  const { entry } = account;
  const shown = (config.attributes ?? DEFAULT_ATTRIBUTES).filter(({ transform }) => transform !== 'expiry');
  const expires = msOfFileTime(firstValue(entry, 'accountExpires') ?? '0');
  return {
    dn: account.dn,
    objectGUID: account.guid,
    userName: account.userName,
    userPrincipalName: firstValue(entry, 'userPrincipalName'),
    [correlationOf(config).field]: firstValue(entry, correlationOf(config).attribute),
    enabled: !isDisabled(account.control),
    complete: !account.unfinished,
    expiresAt: expires === null ? null : new Date(expires).toISOString(),
    manager: firstValue(entry, 'manager'),
    groups: account.groups,
    attributes: Object.fromEntries(shown.map(({ to }) => [to, valuesOf(entry, to)[0] ?? null])),
  };
}
