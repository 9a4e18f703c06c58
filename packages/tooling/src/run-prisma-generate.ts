/** Runs Prisma's generator without downloading an engine: generation needs none, it only insists on a path that exists. */
import { spawnSync } from 'node:child_process';

const TIMEOUT_MS = 60_000;

/** @param io `inherit` shows what Prisma says, `pipe` gives it back as `output` */
export function runPrismaGenerate(root: string, args: readonly string[], io: 'inherit' | 'pipe'): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync('prisma', ['generate', ...args], {
    cwd: root,
    stdio: ['ignore', io, io],
    timeout: TIMEOUT_MS,
    encoding: 'utf8',
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
  });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}`.trim() };
}
