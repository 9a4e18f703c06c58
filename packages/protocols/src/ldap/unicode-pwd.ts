/** How Active Directory takes a password: the attribute `unicodePwd`, UTF-16 little-endian with the quotes as part of it (MS-ADTS 3.1.1.3.1.5.1). */
import type { LdapChange } from './encode-request.ts';

/** The bytes of a password. */
export function unicodePwd(password: string): Buffer {
  return Buffer.from(`"${password}"`, 'utf16le');
}

/** Sets a password as an administrator does; the old one is not asked for. */
export function resetPassword(password: string): LdapChange {
  return { operation: 'replace', attribute: 'unicodePwd', values: [unicodePwd(password)] };
}
