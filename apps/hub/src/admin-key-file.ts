/** The file with the generated admin key: the only copy in clear there is. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export function adminKeyFile(dataDir: string): string {
  return join(resolve(dataDir), 'admin.key');
}

/** Writes the key, readable by its owner only; makes the directory, which an external database leaves missing. */
export function keepAdminKey(dataDir: string, key: string): void {
  const file = adminKeyFile(dataDir);
  mkdirSync(resolve(dataDir), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}
