/** Connects sockets only to addresses the guard has seen: it resolves the name itself and connects to what was checked, so DNS cannot change in between. */
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext, TLSSocket } from 'node:tls';
import type { TlsOptions } from '@nave/adapter-kit';
import { messageOf } from '@nave/core';
import { buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.ts';
import { isPinned, PinMismatchError, pinsOf } from './pinned-certificate.ts';

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

/** The certificates or the key of the TLS settings cannot be used. */
export class TlsSettingsError extends Error {
  readonly code = 'NAVE_TLS_SETTINGS';
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
  const context = tls === undefined ? {} : contextOf(tls);
  const pins = tls?.pins;
  const connect = buildConnector({
    ...(tls?.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: tls.rejectUnauthorized }),
    ...('context' in context ? { secureContext: context.context } : {}),
    // A resumed session would show its certificate from memory: with pins each connection shows it anew.
    ...(pins === undefined ? {} : { maxCachedSessions: 0 }),
    lookup: guardedLookup,
    timeout: connectTimeoutMs,
    allowH2: false,
  });
  return (options, callback) => {
    const { hostname } = options;
    try {
      // Address literals never pass through `lookup`.
      if (isIP(hostname) !== 0) check(hostname, [hostname]);
      if ('problem' in context) throw context.problem;
      if (pins !== undefined && options.protocol !== 'https:')
        throw new TlsSettingsError('certificates are pinned and the URL is not https');
    } catch (error) {
      callback(error instanceof Error ? error : new Error(messageOf(error)), null);
      return;
    }
    const target = `${hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname}:${port}`;
    // undici prefers the name of the URL; a name in the TLS options is there to differ from it.
    connect(tls?.servername === undefined ? options : { ...options, servername: tls.servername }, (...[error, socket]) => {
      const refusal = error === null && pins !== undefined ? pinRefusal(socket, pins, target) : null;
      if (refusal === null) {
        if (error === null) callback(null, socket);
        else callback(error, null);
        return;
      }
      socket?.destroy();
      callback(refusal, null);
    });
  };
}

/** Certificates and key read once: what is wrong with them is said when a connection is asked for, as with everything else. */
function contextOf(tls: TlsOptions): { context: SecureContext } | { problem: TlsSettingsError } | Record<string, never> {
  const { ca, trustPublic, cert, key, passphrase } = tls;
  if (ca === undefined && cert === undefined && key === undefined) return {};
  const trusted = ca === undefined ? {} : { ca: trustPublic === true ? [...rootCertificates, ca] : ca };
  try {
    return { context: createSecureContext({ ...trusted, ...(cert === undefined ? {} : { cert, key, passphrase }) }) };
  } catch {
    // What OpenSSL says may quote the key.
    return { problem: new TlsSettingsError('the client certificate, its key or the authority cannot be read, or do not belong together') };
  }
}

function pinRefusal(socket: unknown, pins: readonly string[], target: string): PinMismatchError | null {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  if (certificate !== undefined && isPinned(pins, certificate)) return null;
  return new PinMismatchError({ target, expected: pins, actual: certificate === undefined ? ['', ''] : pinsOf(certificate) });
}
