/** The hub's secret key: given by NAVE_SECRET_KEY, or generated into the data directory in embedded mode. */
import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** 32 bytes. */
export function secretKeyOf(given: string | null, dataDir: string): Uint8Array {
  if (given !== null) return Buffer.from(given, 'base64');
  const file = join(dataDir, 'secret.key');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32)
    throw new Error(`${file} does not hold base64 of 32 bytes: restore it from a backup, without it sealed values cannot be read`);
  return key;
}

/** A key for one purpose, derived from the secret key (RFC 5869): what is signed or searched with it tells nothing of the others. */
export function derivedKey(secretKey: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretKey, new Uint8Array(0), `nave ${purpose}`, 32));
}
