/** The `nave` command line, as a person runs it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ADMIN_KEY, type HubProcess } from '../harness/hub-process.ts';

const CLI = fileURLToPath(new URL('../../../../packages/cli/src/main.ts', import.meta.url));
const COMMAND_MS = 90_000;

export interface CommandResult {
  code: number;
  out: string;
  err: string;
}

/** Runs `nave <args>` against a hub. @param variables what `${env:NAME}` in a file stands for */
export function nave(hub: HubProcess, args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  const env = { PATH: process.env['PATH'] ?? '', NAVE_URL: hub.url, NAVE_KEY: ADMIN_KEY, ...variables };
  return new Promise((done) => {
    execFile(process.execPath, [CLI, ...args], { env, timeout: COMMAND_MS }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, out, err });
    });
  });
}
