/** The sealed secrets of a spoke: a JSON object of pointer and secret, under a key that outlives days, bound to the spoke's name. */
import { HubError, type Sealer } from '@nave/core';
import { isJsonObject } from './json-value.ts';
import type { StoredSpoke } from './stored-spoke.ts';

const SCOPE = 'secrets';
const contextOf = (spoke: string): string => `spoke:${spoke}`;

/** @returns null when there is nothing to seal */
export async function sealSpokeSecrets(
  sealer: Sealer,
  spoke: string,
  secrets: Readonly<Record<string, string>>,
  atMs: number,
): Promise<Uint8Array | null> {
  if (Object.keys(secrets).length === 0) return null;
  const key = await sealer.keyFor(SCOPE, atMs);
  return key.seal(Buffer.from(JSON.stringify(secrets)), contextOf(spoke));
}

/** @throws HubError `seal.key` when they cannot be opened */
export async function openSpokeSecrets(
  sealer: Sealer,
  spoke: Pick<StoredSpoke, 'name' | 'sealed'>,
): Promise<Readonly<Record<string, string>>> {
  if (spoke.sealed === null) return {};
  const opened: unknown = JSON.parse(Buffer.from(await sealer.open(spoke.sealed, contextOf(spoke.name))).toString('utf8'));
  if (!isJsonObject(opened)) throw new HubError('seal.key', { detail: `The secrets of spoke ${spoke.name} have an unknown form.` });
  return Object.fromEntries(Object.entries(opened).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
