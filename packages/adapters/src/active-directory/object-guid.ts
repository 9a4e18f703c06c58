/** `objectGUID`, sixteen bytes whose first three groups are little-endian (MS-DTYP 2.3.4): the one name of an account that never changes. */
const FORM = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** As Windows writes it; null for anything but sixteen bytes. */
export function guidText(bytes: Buffer): string | null {
  if (bytes.length !== 16) return null;
  const reversed = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).reverse().toString('hex');
  return [reversed(0, 4), reversed(4, 6), reversed(6, 8), bytes.toString('hex', 8, 10), bytes.toString('hex', 10)].join('-');
}

/** The bytes of a written GUID, braces allowed; null when it is none. */
export function guidBytes(text: string): Buffer | null {
  const match = FORM.exec(text.toLowerCase().replace(/^\{(.*)\}$/, '$1'));
  if (match === null) return null;
  const [, first = '', second = '', third = '', ...rest] = match;
  return Buffer.concat([...[first, second, third].map((group) => Buffer.from(group, 'hex').reverse()), Buffer.from(rest.join(''), 'hex')]);
}
