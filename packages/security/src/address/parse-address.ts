/** IP addresses as the guard compares them: parsed, without zone, IPv4 out of its IPv6 wrapping. */
import ipaddr from 'ipaddr.js';

/** A parsed address. Made by `parseAddress` only, so that IPv4-mapped IPv6 is always seen as IPv4. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Parses `127.0.0.1`, `::1`, `[::1]`, `fe80::1%eth0`, `::ffff:10.0.0.1` (as IPv4); null for anything else, names included. */
export function parseAddress(text: string): Address | null {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const plain = bare.replace(/%.*$/, '');
  // Short and octal forms ("127.1", "0177.0.0.1") mean different addresses to different parsers: they are no address here.
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return ipaddr.IPv4.parse(plain);
  if (!plain.includes(':') || !ipaddr.IPv6.isValid(plain)) return null;
  const parsed = ipaddr.IPv6.parse(plain);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed;
}
