/** `pnpm test:faults`: the long suites that kill, stop and starve real processes. They start everything themselves and share nothing. */
import { defineConfig } from 'vitest/config';
import { SECOND_TRY } from './vitest.second-try.ts';

export default defineConfig({
  test: {
    include: ['packages/e2e/src/faults/*.fault.test.ts'],
    globalSetup: ['./vitest.faults.global-setup.ts'],
    pool: 'forks',
    // Most of the time is waiting for leases to run out, so three suites at once fit on two cores.
    maxWorkers: 3,
    retry: SECOND_TRY,
    testTimeout: 600_000,
    hookTimeout: 180_000,
  },
});
