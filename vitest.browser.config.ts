/** `pnpm test:browser`: the dashboard in Chromium, on hubs of its own. Skipped where there is no chromium; browsers want the cores to themselves. */
import { defineConfig } from 'vitest/config';
import { SECOND_TRY } from './vitest.second-try.ts';

export default defineConfig({
  test: {
    include: ['packages/e2e/src/dashboard/*.browser.test.ts'],
    globalSetup: ['./vitest.global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    retry: SECOND_TRY,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000, interval: 50 } },
  },
});
