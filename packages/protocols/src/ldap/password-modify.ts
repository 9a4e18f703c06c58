/** The Password Modify extended operation (RFC 3062): the server hashes, the sender does not need to know how. */
import { tlv } from './ber.ts';

export const PASSWORD_MODIFY = '1.3.6.1.4.1.4203.1.11.1';

/** The value of a request that sets the password of an entry. */
export function passwordModifyRequest(dn: string, password: string): Buffer {
  return tlv(0x30, tlv(0x80, dn), tlv(0x82, password));
}
