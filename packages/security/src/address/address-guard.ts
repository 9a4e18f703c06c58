/** The guard against server-side request forgery: which addresses spokes may reach (contract, `NAVE_EGRESS`). */
import { type AllowList, normaliseHost, parseAllowList } from './allow-list.ts';
import { classifyAddress, embeddedAddresses, isThisMachine } from './classify-address.ts';
import { type Address, parseAddress } from './parse-address.ts';

export interface AddressGuardOptions {
  /** Entries of `NAVE_EGRESS`, checked before with `parseAllowList`; an entry that cannot be read allows nothing. */
  allow: readonly string[];
  /**
   * What is refused whatever is allowed: the hub's own listen address, its PostgreSQL and Redis. Names and addresses.
   * For a listener on `0.0.0.0` or `::` give the addresses of the machine's interfaces too; loopback is understood.
   */
  forbid: readonly { host: string; port: number }[];
}

export type AddressVerdict =
  /** Connect to one of these and to nothing else. */
  { ok: true; addresses: string[] } | { ok: false; reason: string };

export interface AddressGuard {
  /**
   * Judges the result of a DNS lookup; pure, the lookup is the caller's.
   * @param hostname as in the URL, brackets allowed
   * @param addresses what the name resolved to, or the address itself
   */
  check(hostname: string, port: number, addresses: readonly string[]): AddressVerdict;
}

/** More than any honest name has. */
const ADDRESSES_MAX = 64;

/** Compiles the lists once. */
export function createAddressGuard({ allow, forbid }: AddressGuardOptions): AddressGuard {
  const list = parseAllowList(allow).allow;
  const forbidden = forbid.map(({ host, port }) => {
    const name = normaliseHost(host);
    const address = parseAddress(name);
    return { name, address, port, thisMachine: name === 'localhost' || (address !== null && isThisMachine(address)) };
  });

  function forbids(host: string, port: number, address: Address): boolean {
    const candidates = [address, ...embeddedAddresses(address)];
    return forbidden.some((entry) => {
      if (entry.port !== port) return false;
      if (entry.name === host || (entry.thisMachine && isThisMachine(address))) return true;
      return entry.address !== null && candidates.some((candidate) => isSame(candidate, entry.address));
    });
  }

  function refusalOf(host: string, port: number, text: string): string | null {
    const address = parseAddress(text);
    if (address === null) return 'the name did not resolve to an address';
    const kind = classifyAddress(address);
    if (kind === 'never') return 'link-local and metadata addresses are never reached';
    if (forbids(host, port, address)) return "the hub's own addresses, its database and its queue are never reached";
    if (kind === 'public' || isAllowed(list, host, port, address, kind === 'private')) return null;
    return kind === 'private'
      ? 'the address is private and not listed in NAVE_EGRESS'
      : 'the address is reserved and not listed in NAVE_EGRESS';
  }

  return {
    check(hostname, port, addresses) {
      if (!Number.isInteger(port) || port < 1 || port > 65_535) return { ok: false, reason: 'the port is not valid' };
      const host = normaliseHost(hostname);
      const accepted: string[] = [];
      let reason = 'the name has no address';
      for (const address of addresses.slice(0, ADDRESSES_MAX)) {
        const refusal = refusalOf(host, port, address);
        if (refusal === null) accepted.push(address);
        else reason = refusal;
      }
      return accepted.length > 0 ? { ok: true, addresses: accepted } : { ok: false, reason };
    },
  };
}

function isAllowed(list: AllowList, host: string, port: number, address: Address, isPrivate: boolean): boolean {
  if (list.everyPrivate && isPrivate) return true;
  const candidates = [address, ...embeddedAddresses(address)];
  if (list.networks.some((network) => candidates.some((candidate) => network.contains(candidate)))) return true;
  return list.hosts.some((entry) => {
    if (entry.port !== null && entry.port !== port) return false;
    return entry.host === host || (entry.address !== null && candidates.some((candidate) => isSame(candidate, entry.address)));
  });
}

function isSame(left: Address, right: Address | null): boolean {
  return right !== null && left.kind() === right.kind() && left.toString() === right.toString();
}
