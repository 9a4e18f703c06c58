/** The rules of a domain controller that catch naive clients (MS-ADTS): passwords, account control, unique names, computed attributes, tombstones. */
import { randomBytes } from 'node:crypto';
import { isSameDn, type LdapAttribute, type LdapChange } from '@nave/protocols';
import type { Caller, DirectoryRules, MemoryDirectory, Refusal, StoredEntry } from '../../simulator-kit/ldap/memory-directory.ts';
import { ACCOUNT, isDisabled, readControl } from '../account-control.ts';

export interface DomainState {
  /** The update sequence number that was given last. */
  usn: number;
  nowMs: () => number;
  /** Passwords in clear, by objectGUID in hex. */
  passwords: Map<string, string>;
  /** Entries the service account may not change. */
  denied: (dn: string) => boolean;
  baseDn: string;
}

const NO_RIGHT: Refusal = { code: 50, diagnostic: '00000005: SecErr: DSID-03152870, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0' };
const NOT_NOW: Refusal = { code: 53, diagnostic: '0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0' };
const POLICY: Refusal = { code: 53, diagnostic: '0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0' };
const POLICY_OF_PASSWORD: Refusal = {
  code: 19,
  diagnostic: '0000052D: AtrErr: DSID-03191083, #1: problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 9005a (unicodePwd)',
};
const COMPUTED = new Set(['memberof', 'objectguid', 'usnchanged', 'usncreated', 'distinguishedname', 'whencreated', 'whenchanged']);
const READ_ONLY: Refusal = { code: 53, diagnostic: '00002077: SvcErr: DSID-03190F4D, problem 5003 (WILL_NOT_PERFORM), data 0' };
const NEVER = '9223372036854775807';
const TICKS_PER_MS = 10_000n;
const EPOCH_MS = 11_644_473_600_000n;

export function domainRules(state: DomainState): DirectoryRules {
  return {
    add(entry, caller, directory) {
      if (caller.user !== SYSTEM.user && state.denied(entry.dn)) return NO_RIGHT;
      if (textOf(entry, 'unicodePwd') !== null) return NOT_NOW;
      set(entry, 'objectGUID', randomBytes(16));
      set(entry, 'whenCreated', generalized(state.nowMs()));
      if (!hasClass(entry, 'user')) return null;
      const refusal = uniqueNames(entry, directory);
      if (refusal !== null) return refusal;
      const control = readControl(textOf(entry, 'userAccountControl')) ?? ACCOUNT.normal | ACCOUNT.disabled | ACCOUNT.passwordNotRequired;
      if (!isDisabled(control) && (control & ACCOUNT.passwordNotRequired) === 0) return POLICY;
      set(entry, 'userAccountControl', String(control));
      set(entry, 'pwdLastSet', '0');
      if (textOf(entry, 'accountExpires') === null) set(entry, 'accountExpires', NEVER);
      return null;
    },
    modify(entry, changes, caller, directory) {
      if (caller.user !== SYSTEM.user && state.denied(entry.dn)) return NO_RIGHT;
      if (changes.some(({ attribute }) => COMPUTED.has(attribute.toLowerCase()))) return READ_ONLY;
      const password = takeOut(changes, 'unicodepwd');
      const refusal = password === undefined ? null : changePassword(entry, password, caller, state);
      if (refusal !== null) return refusal;
      const control = changes.find(({ attribute }) => attribute.toLowerCase() === 'useraccountcontrol');
      if (control !== undefined && !mayHave(entry, control, state)) return POLICY;
      const missing = changes.find(
        ({ attribute, values }) =>
          attribute.toLowerCase() === 'member' && values.some((value) => directory.find(value.toString('utf8')) === undefined),
      );
      return missing !== undefined && missing.operation === 'add'
        ? { code: 32, diagnostic: '0000208D: NameErr: DSID-03100241, problem 2001 (NO_OBJECT), data 0' }
        : null;
    },
    repeated({ operation }) {
      return operation === 'add'
        ? { code: 68, diagnostic: '00000562: UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS), data 0' }
        : { code: 53, diagnostic: '00000561: SvcErr: DSID-031A11E5, problem 5003 (WILL_NOT_PERFORM), data 0' };
    },
    touched(entry) {
      set(entry, 'uSNChanged', String(++state.usn));
      set(entry, 'whenChanged', generalized(state.nowMs()));
    },
    removed(entry, directory) {
      const guid = bytesOf(entry, 'objectGUID') ?? Buffer.alloc(16);
      const name = `CN=gone\\0aDEL:${guid.toString('hex')},CN=Deleted Objects,${state.baseDn}`;
      const kept = ['objectclass', 'objectguid', 'samaccountname', 'useraccountcontrol'];
      const tombstone: StoredEntry = { dn: name, attributes: new Map([...entry.attributes].filter(([key]) => kept.includes(key))) };
      set(tombstone, 'isDeleted', 'TRUE');
      set(tombstone, 'lastKnownParent', entry.dn.slice(entry.dn.search(/(?<!\\),/) + 1));
      set(tombstone, 'uSNChanged', String(++state.usn));
      directory.put(tombstone);
    },
    computed(entry, directory): LdapAttribute[] {
      const own: LdapAttribute[] = [{ name: 'distinguishedName', values: [Buffer.from(entry.dn)] }];
      const groups = directory
        .all()
        .filter((group) => group.attributes.get('member')?.values.some((member) => isSameDn(member.toString('utf8'), entry.dn)) === true);
      return groups.length === 0 ? own : [...own, { name: 'memberOf', values: groups.map((group) => Buffer.from(group.dn)) }];
    },
  };
}

/** The domain itself, which may do everything. */
export const SYSTEM: Caller = { secure: true, user: 'NT AUTHORITY\\SYSTEM' };

/** Over an encrypted connection, as UTF-16 in quotes, within the policy: seven characters of three kinds, without the user name. */
function changePassword(entry: StoredEntry, { operation, values }: LdapChange, { secure }: Caller, state: DomainState): Refusal | null {
  const [bytes] = values;
  const text = bytes?.toString('utf16le') ?? '';
  if (!secure || operation !== 'replace' || bytes === undefined || bytes.length % 2 !== 0 || !/^".*"$/s.test(text)) return NOT_NOW;
  const password = text.slice(1, -1);
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  const userName = (textOf(entry, 'sAMAccountName') ?? '').toLowerCase();
  if (password.length < 7 || kinds < 3 || (userName.length > 2 && password.toLowerCase().includes(userName))) return POLICY_OF_PASSWORD;
  state.passwords.set(bytesOf(entry, 'objectGUID')?.toString('hex') ?? '', password);
  set(entry, 'pwdLastSet', ((BigInt(state.nowMs()) + EPOCH_MS) * TICKS_PER_MS).toString());
  return null;
}

/** No account is enabled without a password, unless it needs none. */
function mayHave(entry: StoredEntry, { values }: LdapChange, state: DomainState): boolean {
  const control = readControl(values[0]?.toString('utf8') ?? null);
  if (control === null) return false;
  if (isDisabled(control) || (control & ACCOUNT.passwordNotRequired) !== 0) return true;
  return state.passwords.has(bytesOf(entry, 'objectGUID')?.toString('hex') ?? '');
}

function uniqueNames(entry: StoredEntry, directory: MemoryDirectory): Refusal | null {
  const userName = textOf(entry, 'sAMAccountName');
  if (userName === null || userName.length > 20)
    return {
      code: 19,
      diagnostic: '00000523: AtrErr: DSID-031D0AAB, #1: problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 900dd (sAMAccountName)',
    };
  const same = (name: string): boolean => {
    const mine = textOf(entry, name)?.toLowerCase();
    return (
      mine !== undefined &&
      directory.all().some((other) => !other.attributes.has('isdeleted') && textOf(other, name)?.toLowerCase() === mine)
    );
  };
  if (same('sAMAccountName')) return { code: 68, diagnostic: '00000524: UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS), data 0' };
  if (same('userPrincipalName'))
    return {
      code: 19,
      diagnostic: '000021C8: AtrErr: DSID-03200BBA, #1: problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 90290 (userPrincipalName)',
    };
  return null;
}

export function textOf(entry: StoredEntry, name: string): string | null {
  return bytesOf(entry, name)?.toString('utf8') ?? null;
}

export function bytesOf({ attributes }: StoredEntry, name: string): Buffer | null {
  return attributes.get(name.toLowerCase())?.values[0] ?? null;
}

export function hasClass({ attributes }: StoredEntry, name: string): boolean {
  return attributes.get('objectclass')?.values.some((value) => value.toString('utf8').toLowerCase() === name) === true;
}

function set({ attributes }: StoredEntry, name: string, value: string | Buffer): void {
  attributes.set(name.toLowerCase(), { name, values: [Buffer.from(value)] });
}

function takeOut(changes: LdapChange[], lower: string): LdapChange | undefined {
  const at = changes.findIndex(({ attribute }) => attribute.toLowerCase() === lower);
  return at === -1 ? undefined : changes.splice(at, 1)[0];
}

function generalized(ms: number): string {
  return `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}.0Z`;
}
