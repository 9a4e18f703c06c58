/** Ends somebody's access: disabled, password reset, out of the groups, moved; and proves it by what the directory says afterwards. */
import { defineLdapOperation, isSameDn, LDAP, type LdapFailure, type OperationResult, splitDn } from '@nave/protocols';
import { Type } from 'typebox';
import { type Account, correlationKey, findByGuid, noAccount, requireByKey } from './account.ts';
import { ACCOUNT, isDisabled, withBits } from './account-control.ts';
import type { ActiveDirectoryConfig } from './config.ts';
import { isManaged, removeMember } from './groups.ts';
import { randomPassword, setPassword } from './passwords.ts';
import { moveInto } from './places.ts';
import type { Scope } from './scope.ts';

/** One access that was looked at. */
interface Closed {
  what: 'enabled' | 'password' | 'group' | 'place';
  name?: string;
  before: unknown;
  after: unknown;
}

export const disableAccount = (config: ActiveDirectoryConfig) =>
  defineLdapOperation(
    {
      ...{ name: 'disableAccount', title: 'Disable an account', idempotent: 'always', undo: 'restoreAccount', input: Type.Object({}) },
      summary: 'Disable, reset the password, remove from groups, move to the leavers; the output lists what was closed, before and after',
    },
    async (input, scope: Scope): Promise<OperationResult> => {
      const { directory, nowMs } = scope;
      const key = correlationKey(config, input);
      if (!key.ok) return key;
      const found = await requireByKey(directory, config, key.value);
      if (!found.ok) return found;
      const before = found.value;
      const leaving = leftGroups(config, before);
      let account = before;
      for (let turn = 1; ; turn++) {
        const failures = await close(config, scope, account);
        const after = await findByGuid(directory, config, before.guid);
        const seen = after.ok ? after.value : null;
        const lost = failures.some(({ failure }) => failure.code === LDAP.noSuchObject);
        // Moved meanwhile by somebody else: what was not closed under the old name is closed under the new one.
        if (lost && seen !== null && !isSameDn(seen.dn, account.dn) && turn < TURNS_MAX) {
          account = seen;
          continue;
        }
        if (!after.ok) failures.push({ step: 'proof', failure: after.failure });
        else if (seen === null) failures.push({ step: 'proof', failure: noAccount('objectGUID any more').failure });
        const passwordReset = !failures.some(({ step }) => step === 'password');
        const report = proofOf({ before, after: seen, passwordReset, leaving, nowMs });
        const [first] = failures;
        if (first === undefined) return { ok: true, value: report };
        const steps = [...new Set(failures.map(({ step }) => step))].join(', ');
        return { ok: false, failure: { ...first.failure, detail: `not closed: ${steps}; ${first.failure.detail}` }, report };
      }
    },
  );

const TURNS_MAX = 3;

interface NotClosed {
  step: 'disable' | 'password' | 'groups' | 'move' | 'proof';
  failure: LdapFailure;
}

function leftGroups(config: ActiveDirectoryConfig, { groups }: Account): string[] {
  return groups.filter((group) => config.accounts.leaverGroups !== 'managed' || isManaged(config, group));
}

/** Closes what is open; whatever stops one step must not keep the others from closing what they can. */
async function close(config: ActiveDirectoryConfig, { directory, settings }: Scope, account: Account): Promise<NotClosed[]> {
  const failures: NotClosed[] = [];
  const note = (step: NotClosed['step'], result: { ok: true } | { ok: false; failure: LdapFailure }): void => {
    if (!result.ok) failures.push({ step, failure: result.failure });
  };
  if (!isDisabled(account.control)) {
    const control = Buffer.from(String(withBits(account.control, ACCOUNT.disabled)));
    note('disable', await directory.modify(account.dn, [{ operation: 'replace', attribute: 'userAccountControl', values: [control] }]));
  }
  note('password', await setPassword(directory, account.dn, randomPassword(config.password?.length), settings.encrypted));
  for (const group of leftGroups(config, account)) note('groups', await removeMember(directory, group, account.dn));
  if (config.accounts.leavers !== undefined) note('move', await moveInto(directory, account.dn, config.accounts.leavers, account.userName));
  return failures;
}

interface Seen {
  before: Account;
  after: Account | null;
  passwordReset: boolean;
  leaving: readonly string[];
  nowMs: number;
}

function proofOf({ before, after, passwordReset, leaving, nowMs }: Seen): object {
  const [placeBefore, placeAfter] = [before, after].map((account) => (account === null ? null : (splitDn(account.dn)?.parent ?? null)));
  const closed: Closed[] = [
    { what: 'enabled', before: !isDisabled(before.control), after: after === null ? null : !isDisabled(after.control) },
    { what: 'password', before: 'as it was', after: passwordReset ? 'random, known to nobody' : 'as it was' },
    ...leaving.map(
      (group): Closed => ({ what: 'group', name: group, before: true, after: after === null ? null : after.groups.includes(group) }),
    ),
    { what: 'place', before: placeBefore, after: placeAfter },
  ];
  return {
    objectGUID: before.guid,
    userName: before.userName,
    dn: after?.dn ?? before.dn,
    closed,
    remaining: after === null ? null : { enabled: !isDisabled(after.control), groups: after.groups },
    provedAt: new Date(nowMs).toISOString(),
    restore: { objectGUID: before.guid, place: placeBefore, enabled: !isDisabled(before.control), groups: leaving },
  };
}
