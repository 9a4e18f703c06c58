/** How a child process is started: no environment, no rights beyond reading its own code, and a small heap. */
import type { ForkOptions } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The module a child runs. */
export const WORKER_PATH = resolve(here, 'worker.ts');

/**
 * Options for `fork`.
 * @param memoryMb heap of the child; V8 ends the process above it
 */
export function childOptions(memoryMb: number): ForkOptions {
  const require = createRequire(import.meta.url);
  const readable = [resolve(here, '../..'), dirname(require.resolve('jsonata')), dirname(dirname(require.resolve('re2js')))];
  return {
    execPath: process.execPath,
    // Node's permission model (nodejs.org/api/permissions.html): no writing, no processes, no threads, no addons, no reading elsewhere.
    execArgv: [
      '--permission',
      ...readable.map((path) => `--allow-fs-read=${path}`),
      `--max-old-space-size=${memoryMb}`,
      '--disallow-code-generation-from-strings',
      '--disable-proto=delete',
    ],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'json',
  };
}
