/** Passwords: made here, sent to the domain controller, and to nobody else. They are in no outcome, no log and no record. */
import { randomInt } from 'node:crypto';
import { type Directory, LDAP, type LdapFailure, type LdapResult, resetPassword } from '@nave/protocols';

const CLASSES = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!#$%&()*+-./:;<=>?@[]^_{|}~'] as const;
const LENGTH = 32;

/**
 * A random password of all four classes of characters that Windows counts.
 * @param below gives a random whole number below another
 */
export function randomPassword(length: number = LENGTH, below: (end: number) => number = randomInt): string {
  const all = CLASSES.join('');
  const characters = [...CLASSES, ...Array.from({ length: length - CLASSES.length }, () => all)].map(
    (from) => from[below(from.length)] ?? '',
  );
  // Otherwise everybody knows the class of the first four.
  for (let at = characters.length - 1; at > 0; at--) {
    const other = below(at + 1);
    [characters[at], characters[other]] = [characters[other] ?? '', characters[at] ?? ''];
  }
  return characters.join('');
}

/** Sets a password, and says in words what was refused. */
export async function setPassword(directory: Directory, dn: string, password: string, encrypted: boolean): Promise<LdapResult<null>> {
  const set = await directory.modify(dn, [resetPassword(password)]);
  return set.ok ? set : { ok: false, failure: explain(set.failure, encrypted) };
}

function explain(failure: LdapFailure, encrypted: boolean): LdapFailure {
  const words = reasonOf(failure, encrypted);
  return words === null ? failure : { ...failure, detail: `${failure.detail}: ${words}` };
}

/** Policy, right and connection are answered with codes that overlap; the Windows code behind them tells them apart. */
function reasonOf({ code, diagnostic: { windows } }: LdapFailure, encrypted: boolean): string | null {
  if (code === LDAP.insufficientAccessRights || windows === '00000005') return 'the service account has no right to reset this password';
  if (code === LDAP.confidentialityRequired || (code === LDAP.unwillingToPerform && !encrypted))
    return 'passwords are taken over an encrypted connection only';
  if (windows === '0000052d' || code === LDAP.constraintViolation)
    return 'the password policy of the domain refuses the password (length, complexity or history)';
  if (windows === '0000001f')
    return 'the domain controller could not take the password: the connection is not encrypted well enough, or its form is wrong';
  return null;
}
