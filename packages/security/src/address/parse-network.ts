/** Networks in CIDR form. */
import ipaddr from 'ipaddr.js';
import { type Address, parseAddress } from './parse-address.ts';

export interface Network {
  contains(address: Address): boolean;
}

/** Parses `10.0.0.0/8`, `fd00::/8` or a single address; null for anything else. */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf('/');
  const base = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (base === null) return null;
  const written = slash === -1 ? undefined : text.slice(slash + 1);
  if (written !== undefined && !/^\d{1,3}$/.test(written)) return null;
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8 in its IPv6 wrapping.
  const wrapped = base.kind() === 'ipv4' && text.includes(':') ? 96 : 0;
  const longest = base.kind() === 'ipv4' ? 32 : 128;
  const bits = written === undefined ? longest : Number(written) - wrapped;
  if (bits < 0 || bits > longest) return null;
  return {
    contains(address) {
      if (base instanceof ipaddr.IPv4) return address instanceof ipaddr.IPv4 && address.match(base, bits);
      return address instanceof ipaddr.IPv6 && address.match(base, bits);
    },
  };
}
