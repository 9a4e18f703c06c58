/** What sort of place an address is, by the IANA special-purpose registries (RFC 6890), with the IPv4 address hidden in an IPv6 one judged as well. */
import ipaddr from 'ipaddr.js';
import type { Address } from './parse-address.ts';
import { parseNetwork } from './parse-network.ts';

/**
 * `public`: may be reached. `private`: loopback, private, carrier-grade NAT, unique local: only when allowed, also by `*`.
 * `special`: unspecified, multicast, reserved: only when allowed by name. `never`: link-local and metadata services.
 */
export type AddressClass = 'public' | 'private' | 'special' | 'never';

const NEVER = networks(
  '169.254.0.0/16', // link-local; metadata of AWS, Azure, GCP, Oracle, DigitalOcean, ... at 169.254.169.254, of ECS tasks at 169.254.170.2
  'fe80::/10',
  'fd00:ec2::/32', // AWS over IPv6 (fd00:ec2::254, credentials of EKS pods at ::23)
  'fd20:ce::254/128', // Google Cloud over IPv6
  '100.100.100.200/32', // Alibaba Cloud
  '168.63.129.16/32', // Azure's wire server
  '192.0.0.192/32', // Oracle Cloud
);
const PRIVATE = networks(
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
  'fec0::/10',
);
/** NAT64 within one network (RFC 8215): leads wherever its operator wants. */
const LOCAL_NAT64 = networks('64:ff9b:1::/48');
const GLOBAL_V6 = networks('2000::/3');
const RANK: Readonly<Record<AddressClass, number>> = { public: 0, private: 1, special: 2, never: 3 };

/** The class of an address; of one that carries IPv4 addresses the worst of the classes of all of them. */
export function classifyAddress(address: Address): AddressClass {
  let worst = ownClass(address);
  for (const inner of embeddedAddresses(address)) {
    const found = ownClass(inner);
    if (RANK[found] > RANK[worst]) worst = found;
  }
  return worst;
}

/** Whether the address is this machine as seen from itself, `0.0.0.0` and `::` included (connecting to them reaches loopback). */
export function isThisMachine(address: Address): boolean {
  return [address, ...embeddedAddresses(address)].some((each) => each.range() === 'loopback' || each.range() === 'unspecified');
}

/** IPv4 addresses to which a gateway or tunnel would forward. */
export function embeddedAddresses(address: Address): Address[] {
  if (!(address instanceof ipaddr.IPv6)) return [];
  const bytes = address.toByteArray();
  const at = (...positions: number[]) => new ipaddr.IPv4(positions.map((position) => bytes[position] ?? 0));
  const found: Address[] = [];
  const zeroUntil = (end: number) => bytes.slice(0, end).every((byte) => byte === 0);
  // NAT64 (RFC 6052), IPv4-translated (RFC 6145) and the old IPv4-compatible form keep it in the last four bytes; `::` and `::1` are not of the latter.
  if (address.range() === 'rfc6052' || address.range() === 'rfc6145') found.push(at(12, 13, 14, 15));
  // RFC 6052 section 2.2: under a /48 prefix it stands around the byte that is always zero.
  if (LOCAL_NAT64.some((network) => network.contains(address))) found.push(at(6, 7, 9, 10));
  if (zeroUntil(12) && !zeroUntil(14)) found.push(at(12, 13, 14, 15));
  // 6to4 (RFC 3056)
  if (bytes[0] === 0x20 && bytes[1] === 0x02) found.push(at(2, 3, 4, 5));
  // ISATAP (RFC 5214) under any prefix: 0000:5efe or 0200:5efe, then the address
  if ((bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe) found.push(at(12, 13, 14, 15));
  return found;
}

function ownClass(address: Address): AddressClass {
  if (NEVER.some((network) => network.contains(address))) return 'never';
  if (PRIVATE.some((network) => network.contains(address))) return 'private';
  const range = address.range();
  if (address instanceof ipaddr.IPv4) return range === 'unicast' ? 'public' : 'special';
  if (LOCAL_NAT64.some((network) => network.contains(address))) return 'special';
  // NAT64 and 6to4 are as public as the IPv4 address they lead to, which is judged on its own.
  if (range === 'rfc6052' || range === '6to4') return 'public';
  return range === 'unicast' && GLOBAL_V6.some((network) => network.contains(address)) ? 'public' : 'special';
}

function networks(...texts: string[]) {
  return texts.flatMap((text) => parseNetwork(text) ?? []);
}
