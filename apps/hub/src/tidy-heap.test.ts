import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('./tidy-heap.ts', import.meta.url));

/** Makes as many throwaway objects as V8 keeps first keys of, then asks whether two objects made alike still share their hidden class. */
const SCRIPT = `
  import { tidyHeap } from ${JSON.stringify(MODULE)};
  const made = (key) => { const it = {}; it[key] = 1; return it; };
  const shared = (key) => %HaveSameMap(made(key), made(key));
  for (let n = 0; n < 2_000; n++) made('key' + n);
  const before = shared('host');
  tidyHeap();
  console.log(JSON.stringify({ before, after: shared('host') }));
`;

function run(...flags: string[]): unknown {
  const args = ['--allow-natives-syntax', ...flags, '--input-type=module', '--eval', SCRIPT];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('tidying the heap after the start', () => {
  it('lets objects made later share their hidden classes', () => {
    expect(run('--expose-gc')).toEqual({ before: false, after: true });
  });

  it('does nothing where Node has no collector to call', () => {
    expect(run()).toEqual({ before: false, after: false });
  });
});
