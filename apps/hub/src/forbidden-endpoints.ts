/** What no spoke may ever reach: the hub itself, its PostgreSQL and its Redis - under their names and every address these resolve to. */
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import type { Config } from '@nave/config';
import type { Surroundings } from './container.ts';

export interface Endpoint {
  host: string;
  port: number;
}

export async function forbiddenEndpoints(config: Config, around: Pick<Surroundings, 'databaseUrl' | 'port'>): Promise<Endpoint[]> {
  const urls = [around.databaseUrl, ...config.redisUrls.map((url) => url.reveal())];
  const named = [{ host: config.host, port: around.port }, ...urls.map(endpointOf)];
  const resolved = await Promise.all(named.map(addressesOf));
  const everywhere = config.host === '0.0.0.0' || config.host === '::';
  const own = everywhere ? interfaceAddresses().map((host) => ({ host, port: around.port })) : [];
  return [...named, ...resolved.flat(), ...own];
}

function endpointOf(url: string): Endpoint {
  const { hostname, port, protocol } = new URL(url);
  const standard = protocol.startsWith('redis') ? 6_379 : 5_432;
  return { host: hostname === '' ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, ''), port: port === '' ? standard : Number(port) };
}

async function addressesOf({ host, port }: Endpoint): Promise<Endpoint[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => ({ host: address, port }));
  } catch {
    return [];
  }
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}
