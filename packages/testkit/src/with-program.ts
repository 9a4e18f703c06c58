/** Suites that need a program which is not there are skipped and say how to install it; `NAVE_TEST_REQUIRE` names those whose absence is a failure. */
import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';

const REQUIRED = (process.env['NAVE_TEST_REQUIRE'] ?? '').split(',').map((word) => word.trim());

/** @param install what to say where `name` is not there */
export function withProgram(
  name: string,
  { installed, install }: { installed: boolean; install: string },
  title: string,
  suite: () => void,
): void {
  if (installed) {
    describe(title, suite);
    return;
  }
  describe(title, () => {
    if (REQUIRED.includes(name)) it(`needs ${name}`, () => Promise.reject(new Error(install)));
    else it.skip(`skipped: ${install}`, () => undefined);
  });
}

/** Whether a command can be started. @param probe arguments that make it answer and end, e.g. `['--version']` */
export function isInstalled(command: string, probe: readonly string[]): boolean {
  return spawnSync(command, [...probe], { stdio: 'ignore' }).error === undefined;
}
