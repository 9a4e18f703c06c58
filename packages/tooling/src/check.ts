/** `pnpm check`: every check through turbo, which skips what has not changed since it was last green. Nothing leaves the machine. */
import { spawnSync } from 'node:child_process';
import { ROOT } from './architecture/workspace.ts';

const TASKS = ['types', 'lint', 'dead', 'architecture', 'docs'].map((name) => `//#check:${name}`);

const { status } = spawnSync('turbo', ['run', ...TASKS, '--continue', '--output-logs=errors-only', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
});
process.exitCode = status ?? 1;
