import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dashboardFixture } from './dashboard-fixture.ts';
import { runBuild } from './run-build.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nave-run-build-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const PATIENCE_MS = 20_000;

function run(script: string, timeoutMs = PATIENCE_MS) {
  const file = join(dir, 'build.mjs');
  writeFileSync(file, script);
  const lines: string[] = [];
  return { lines, ...runBuild({ root: dir, timeoutMs, onLine: (line) => lines.push(line), script: file }) };
}

it('tells what the process says came of it, and every line it prints', async () => {
  const { outcome, lines } = run(`
    console.log('one'); console.error('two');
    process.send({ how: 'failed', reason: 'r', advice: 'a' });`);
  expect(await outcome).toEqual({ how: 'failed', reason: 'r', advice: 'a' });
  expect(lines.sort()).toEqual(['one', 'two']);
});

it('gives the process nothing of its own environment', async () => {
  const { outcome, lines } = run(`console.log(JSON.stringify(Object.keys(process.env).sort())); process.send({ how: 'built' });`);
  expect(await outcome).toEqual({ how: 'built' });
  expect(JSON.parse(lines[0] ?? '')).toEqual(['NODE_ENV', 'NO_COLOR']);
});

it.each([
  ['dies', 'process.kill(process.pid, "SIGKILL");', 'SIGKILL'],
  ['ends without a word', 'process.exit(3);', 'exit code 3'],
  ['says something else', 'process.send({ how: "odd" }, () => process.exit(0));', 'exit code 0'],
])('is a failure when the process %s', async (_how, script, reason) => {
  expect(await run(script).outcome).toMatchObject({ how: 'failed', reason: expect.stringContaining(reason) });
});

it('ends a process that takes too long', async () => {
  const { outcome } = run('setInterval(() => {}, 1000);', 300);
  expect(await outcome).toMatchObject({ how: 'failed', reason: expect.stringContaining('was not built within') });
});

it('leaves no process behind when it is stopped', async () => {
  const { outcome, stop, lines } = run(`console.log(process.pid); setInterval(() => {}, 1000);`);
  await expect.poll(() => lines.length, { timeout: PATIENCE_MS }).toBe(1);
  await stop();
  expect(await outcome).toMatchObject({ how: 'failed' });
  expect(() => process.kill(Number(lines[0]), 0)).toThrow();
});

it('runs the real process, which says that Vite is missing where it is', async () => {
  const fixture = dashboardFixture();
  const lines: string[] = [];
  const { outcome } = runBuild({ root: fixture.folder.root, timeoutMs: PATIENCE_MS, onLine: (line) => lines.push(line) });
  expect(await outcome).toMatchObject({ how: 'failed', reason: expect.stringContaining('vite is not installed') });
  expect(lines.join('\n')).toContain('npx pnpm@12 install');
  fixture.remove();
});

it('ends with its hub, also when that is killed', async () => {
  // A hub that starts a build and never hears of it again.
  const pidFile = join(dir, 'pid');
  const build = join(dir, 'slow.mjs');
  writeFileSync(
    build,
    `import { writeFileSync } from 'node:fs';
     process.on('disconnect', () => process.exit(1)); process.channel.unref();
     writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000);`,
  );
  const parent = run(`
    const { runBuild } = await import(${JSON.stringify(new URL('./run-build.ts', import.meta.url).href)});
    runBuild({ root: '.', timeoutMs: 60_000, onLine() {}, script: ${JSON.stringify(build)} });
    setInterval(() => {}, 1000);`);
  const pid = () => {
    try {
      return Number(readFileSync(pidFile, 'utf8'));
    } catch {
      return 0;
    }
  };
  await expect.poll(pid, { timeout: PATIENCE_MS }).toBeGreaterThan(0);
  await parent.stop();
  const isGone = () => {
    try {
      process.kill(pid(), 0);
      return /^State:\s+Z/m.test(readFileSync(`/proc/${pid()}/status`, 'utf8'));
    } catch {
      return true;
    }
  };
  await expect.poll(isGone, { timeout: PATIENCE_MS }).toBe(true);
});
