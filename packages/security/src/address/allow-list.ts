/** The list of `NAVE_EGRESS`: places that may be reached although they are private. */
import { isIP } from 'node:net';
import { type Address, parseAddress } from './parse-address.ts';
import { type Network, parseNetwork } from './parse-network.ts';

export interface AllowList {
  /** `*`: every private address. */
  everyPrivate: boolean;
  networks: readonly Network[];
  /** Lower-case names or addresses; port null = every port. */
  hosts: readonly AllowedHost[];
}

export interface AllowedHost {
  host: string;
  address: Address | null;
  port: number | null;
}

const HOST = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*$/;
const BRACKETED = /^\[([^\]]*)\](?::(\d+))?$/;

/**
 * Reads hosts, `host:port`, CIDRs, addresses and `*`.
 * @returns the list of what could be read, and one problem (with its index) for each entry that could not
 */
export function parseAllowList(entries: readonly string[]): {
  allow: AllowList;
  problems: { index: number; entry: string; message: string }[];
} {
  const problems: { index: number; entry: string; message: string }[] = [];
  const networks: Network[] = [];
  const hosts: AllowedHost[] = [];
  let everyPrivate = false;
  entries.forEach((entry, index) => {
    const text = entry.trim();
    if (text === '*') {
      everyPrivate = true;
      return;
    }
    const network = parseNetwork(text);
    if (network) {
      networks.push(network);
      return;
    }
    const host = parseHost(text);
    if (host) hosts.push(host);
    else problems.push({ index, entry, message: 'expected a host, host:port, an address, a network such as 10.0.0.0/8, or *' });
  });
  return { allow: { everyPrivate, networks, hosts }, problems };
}

/** A host name as it is compared: lower case, without the dot of the root and without brackets. */
export function normaliseHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

function parseHost(text: string): AllowedHost | null {
  const bracketed = BRACKETED.exec(text);
  const colon = text.lastIndexOf(':');
  const name = bracketed ? (bracketed[1] ?? '') : colon === -1 ? text : text.slice(0, colon);
  const written = bracketed ? bracketed[2] : colon === -1 ? undefined : text.slice(colon + 1);
  const port = written === undefined ? null : portOf(written);
  if (port === undefined) return null;
  const host = normaliseHost(name);
  const address = parseAddress(host);
  if (bracketed ? !(address && isIP(host) === 6) : !address && !isHostName(host)) return null;
  return { host, address, port };
}

/** Digits and dots alone are a mistyped address, not a name. */
function isHostName(host: string): boolean {
  return HOST.test(host) && !/^[\d.]+$/.test(host);
}

function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}
