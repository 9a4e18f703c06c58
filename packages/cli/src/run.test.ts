import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands/index.ts';
import { nave, page, problem } from './fake-io.ts';
import { splitCommandLine } from './parse-command-line.ts';

const LIST = 'GET /api/v1/spokes?limit=200';

describe('help and version', () => {
  it('lists every command and exit code', async () => {
    const { code, out } = await nave('help');
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS) expect(out).toContain(`  ${name.padEnd(20)}  ${summary}`);
    expect(out).toContain('  5                     differences found (diff)');
  });

  it.each(COMMANDS.map(({ name }) => name))('has the help of %s, with an example of it', async (name) => {
    const forms = await Promise.all([nave(`help ${name}`), nave(`${name} --help`), nave(`${name} -h`)]);
    for (const { code, out, err, calls } of forms) {
      expect({ code, err, calls }).toEqual({ code: 0, err: '', calls: [] });
      expect(out).toContain(`\n  nave ${name}`);
    }
    expect(new Set(forms.map(({ out }) => out)).size).toBe(1);
  });

  it('has only examples that its own parser takes', async () => {
    for (const { examples } of COMMANDS) {
      for (const [line] of examples) {
        const { err } = await nave(line.replaceAll(/ [|>] .*/g, '').split(' '), {
          hub: {},
          files: { 'order.json': '{}', 'nave.yaml': 'spokes:' },
        });
        expect(err).not.toMatch(/Unknown option|unexpected|is missing/);
      }
    }
  });

  it('shows the help, on standard error and as wrong usage, when nothing is said', async () => {
    expect(await nave('')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Commands') });
    expect(await nave('--help')).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Commands') });
  });

  it('knows its version', async () => {
    expect((await nave('version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(JSON.parse((await nave('version --json')).out)).toEqual({ version: expect.any(String) });
  });
});

describe('the command line', () => {
  it.each([
    ['frob', 'error  there is no command "frob"; nave help lists them\n'],
    ['spokes --nope', "error  nave spokes: Unknown option '--nope'; see nave help spokes\n"],
    ['spokes extra', 'error  nave spokes: unexpected "extra"; see nave help spokes\n'],
    ['check', 'error  nave check: the name of a spoke is missing; see nave help check\n'],
    ['apply', 'error  which file? name it with -f nave.yaml\n'],
    ['messages --limit 0', 'error  --limit takes a whole number from 1 to 10000; got "0"\n'],
    [
      'messages --from yesterday',
      'error  --from takes a time such as 2026-01-31T08:00:00Z, or a span such as 90m or 2d; got "yesterday"\n',
    ],
    ['messages nonsense', 'error  "nonsense" is no id of a message; nave messages --q "nonsense" finds a message by its key\n'],
    ['spokes --url ftp://x', 'error  the URL of the hub must start with http:// or https://; see --url and --key in nave help\n'],
  ])('"%s" is wrong usage, in one line with the next step', async (line, err) => {
    expect(await nave(line, { hub: {} })).toMatchObject({ code: 2, out: '', err, calls: [] });
  });

  it('takes global options before and after the command', () => {
    expect(splitCommandLine(['--url', 'http://x', '--json', 'spokes', '--key', 'k'])).toEqual({
      name: 'spokes',
      rest: ['--url', 'http://x', '--json', '--key', 'k'],
    });
    expect(splitCommandLine(['--', 'spokes'])).toEqual({ name: 'spokes', rest: [] });
  });
});

describe('which hub and which key', () => {
  const hub = { [LIST]: page() };
  const files = { '.nave/admin.key': 'file-key\n', 'd/admin.key': 'other-key\n' };
  const key = async (line: string, env: Record<string, string> = {}) => (await nave(line, { hub, env, files })).calls[0]?.key ?? null;

  it('is what the option says, else the environment, else the file the hub left', async () => {
    expect(await key('spokes --key option-key', { NAVE_KEY: 'env-key' })).toBe('Bearer option-key');
    expect(await key('spokes', { NAVE_KEY: 'env-key' })).toBe('Bearer env-key');
    expect(await key('spokes')).toBe('Bearer file-key');
    expect(await key('spokes', { NAVE_DATA_DIR: 'd' })).toBe('Bearer other-key');
  });

  it('never sends the key of this machine to another one', async () => {
    expect(await key('spokes --url http://hub.example')).toBeNull();
    expect(await key('spokes', { NAVE_URL: 'https://127.0.0.1.example' })).toBeNull();
    expect(await key('spokes --url http://localhost:1')).toBe('Bearer file-key');
  });
});

describe('errors', () => {
  it('say that nobody answers, with code 3', async () => {
    const { code, err } = await nave('spokes --url http://127.0.0.1:1');
    expect(code).toBe(3);
    expect(err).toBe(
      'error  http://127.0.0.1:1: nothing listens there; is the hub running? npx pnpm@12 start starts one, --url names another\n',
    );
  });

  it.each([
    [problem(401, 'auth.missing', 'A key is required.'), 'A key is required; give a valid key with --key or NAVE_KEY'],
    [problem(403, 'auth.forbidden', 'Too little.'), 'Too little; use a key of a role that may do this (nave keys list shows them)'],
    [{ ...problem(503, 'store.unavailable', 'No database.'), headers: { 'retry-after': '2' } }, 'No database; try again in 2 s'],
    [{ status: 502, text: '<html>' }, 'The answer 502 is none of a Nave hub; check --url'],
    [problem(404, 'resource.not-found', 'bad\u001b[2J'), 'bad\\u001b[2J; check the name or id'],
  ])('of the hub are one line with the next step, with code 1 (%#)', async (answer, line) => {
    expect(await nave('spokes', { hub: { [LIST]: answer } })).toMatchObject({ code: 1, out: '', err: `error  ${line}\n` });
  });

  it('are JSON for machines', async () => {
    const { code, err } = await nave('spokes --json', { hub: { [LIST]: problem(401, 'auth.invalid', 'No.') } });
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ exitCode: 1, error: { status: 401, code: 'auth.invalid' } });
    expect(JSON.parse((await nave('spokes --json')).err)).toMatchObject({ exitCode: 3 });
    expect(JSON.parse((await nave('frob --json')).err)).toMatchObject({ exitCode: 2 });
  });

  it('have colour only where it is wanted', async () => {
    expect((await nave('frob', { colour: true })).err).toContain('\u001b[31merror\u001b[0m');
    expect((await nave('frob')).err).not.toContain('\u001b');
  });
});

describe('the process', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const start = (...words: string[]) => spawnSync(process.execPath, [main, ...words], { encoding: 'utf8', timeout: 90_000 });

  it('ends with the code of the command, and colours nothing that is no terminal', () => {
    expect(start('version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
    expect(start('frob')).toMatchObject({ status: 2, stdout: '', stderr: 'error  there is no command "frob"; nave help lists them\n' });
    expect(start('spokes', '--url', 'http://nowhere.invalid')).toMatchObject({ status: 3, stdout: '' });
  });
});
