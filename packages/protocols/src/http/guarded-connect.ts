/** Connects sockets only to addresses the guard has seen: it resolves the name itself and connects to what was checked, so DNS cannot change in between. */
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { TlsOptions } from '@nave/adapter-kit';
import { messageOf } from '@nave/core';
import { buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.ts';

/** Gives the addresses of a host name; rejects when there are none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

const ADDRESSES_MAX = 16;

/** All addresses of a name as the operating system knows them (hosts file, search domains). */
export const resolveWithSystem: ResolveHost = async (hostname) => {
  const found = await lookup(hostname, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
};

/** Why a connection was not even tried. */
export class AddressRefused extends Error {
  readonly code = 'NAVE_ADDRESS_REFUSED';
}

export interface ConnectOptions {
  guard: AddressGuard;
  resolve: ResolveHost;
  port: number;
  connectTimeoutMs: number;
  tls: TlsOptions | undefined;
}

/** A connector for one origin. The timeout covers resolving, TCP and TLS. */
export function guardedConnector({ guard, resolve, port, connectTimeoutMs, tls }: ConnectOptions): buildConnector.connector {
  const check = (hostname: string, addresses: readonly string[]): readonly string[] => {
    const verdict = guard.check(hostname, port, addresses.slice(0, ADDRESSES_MAX));
    if (!verdict.ok) throw new AddressRefused(verdict.reason);
    return verdict.addresses;
  };
  const guardedLookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname)
      .then((addresses) => check(hostname, addresses))
      .then(
        (addresses) => {
          const found = addresses.map((address) => ({ address, family: isIP(address) }));
          const [first] = found;
          if (!first) callback(new AddressRefused(`no address of ${hostname} may be reached`), []);
          else if (options.all === true) callback(null, found);
          else callback(null, first.address, first.family);
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error(messageOf(error)), []),
      );
  };
  const connect = buildConnector({ ...tls, lookup: guardedLookup, timeout: connectTimeoutMs, allowH2: false });
  return (options, callback) => {
    try {
      // Address literals never pass through `lookup`.
      if (isIP(options.hostname) !== 0) check(options.hostname, [options.hostname]);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(messageOf(error)), null);
      return;
    }
    // undici prefers the name of the URL; a name in the TLS options is there to differ from it.
    connect(tls?.servername === undefined ? options : { ...options, servername: tls.servername }, callback);
  };
}
