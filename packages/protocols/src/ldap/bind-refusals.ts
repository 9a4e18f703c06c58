/** The sub-codes behind Active Directory's one answer to a refused bind, `49 … data 52e` (Microsoft, "Common Active Directory Bind Errors"). */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['525', 'the account does not exist'],
  ['52e', 'the user name or the password is wrong'],
  ['530', 'logging on is not permitted at this time'],
  ['531', 'logging on is not permitted from this machine'],
  ['532', 'the password has expired'],
  ['533', 'the account is disabled'],
  ['568', 'the account is in too many groups'],
  ['701', 'the account has expired'],
  ['773', 'the password has to be changed first'],
  ['775', 'the account is locked out'],
]);

/** In words; null for a sub-code that has none. */
export function bindRefusal(data: string | null): string | null {
  return data === null ? null : (REASONS.get(data) ?? null);
}
