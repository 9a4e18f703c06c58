/** `pnpm test`: every suite that needs only what the registry provides. `packages/e2e` also holds the long fault suites (vitest.faults.config.ts) and those in a browser (vitest.browser.config.ts). */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SECOND_TRY } from './vitest.second-try.ts';

const IN = ['packages/*/src/**', 'apps/*/src/**'];
/** What these show becomes visible when no transaction of the whole cluster is older: they run after the others, one by one. */
const ALONE = ['packages/store/src/{audit,ledger}/*.int.test.ts'];
const OUT = ['**/node_modules/**', '**/*.{fault,browser}.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // Suites mostly wait: for leases, cooldowns, rounds of the sweep.
    maxWorkers: availableParallelism() + 1,
    // What a machine that is busy with other things may take: nothing here claims a speed, that is for benchmarks.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000, interval: 20 } },
    projects: [
      // What `pnpm check:architecture` runs, on its own.
      { extends: true, test: { name: 'tooling', include: ['packages/tooling/src/**/*.test.ts'], exclude: OUT } },
      {
        extends: true,
        test: { name: 'unit', include: IN.map((dir) => `${dir}/*.test.ts`), exclude: [...OUT, '**/*.int.test.ts', 'packages/tooling/**'] },
      },
      // Only these need servers, which the set-up starts for them.
      {
        extends: true,
        test: {
          name: 'integration',
          include: IN.map((dir) => `${dir}/*.int.test.ts`),
          exclude: [...OUT, ...ALONE],
          globalSetup: ['./vitest.global-setup.ts'],
          retry: SECOND_TRY,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          exclude: OUT,
          globalSetup: ['./vitest.global-setup.ts'],
          retry: SECOND_TRY,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
