/** The rules of the architecture test stand on these facts, so each is shown to be noticed. */
import { describe, expect, it } from 'vitest';
import { parseSourceFile } from './source-file.ts';

const parse = (text: string) => parseSourceFile('packages/x/src/a.ts', text);

describe('imports', () => {
  it('tells imports of types from imports of values', () => {
    const { imports } = parse(`
      import type { A } from './a.ts';
      import { type B, b } from './b.ts';
      import './c.ts';
      export * from './d.ts';
      export type { E } from './e.ts';
      await import('./f.ts');
    `);
    expect(imports).toEqual([
      { specifier: './a.ts', typeOnly: true },
      { specifier: './b.ts', typeOnly: false },
      { specifier: './c.ts', typeOnly: false },
      { specifier: './d.ts', typeOnly: false },
      { specifier: './e.ts', typeOnly: true },
      { specifier: './f.ts', typeOnly: false },
    ]);
  });
});

describe('opening', () => {
  it('is the first comment when nothing comes before it', () => {
    expect(parse('/** What it is for. */\nexport const a = 1;').opening).toBe('What it is for.');
    expect(parse('export const a = 1;\n/** Late. */').opening).toBe('');
  });
});

describe('findings', () => {
  it.each(['process.env.A', "process.env['A']", 'process?.env'])('notices %s', (text) => {
    expect(parse(`export const a = ${text};`).readsEnvironment).toBe(true);
  });

  it.each(["import { env } from 'node:process';", "import process from 'process';"])('notices %s', (text) => {
    expect(parse(text).readsEnvironment).toBe(true);
  });

  it('notices an environment that is taken out of the process', () => {
    expect(parse('const { stdout, env } = process;').readsEnvironment).toBe(true);
    expect(parse('const { stdout } = process;').readsEnvironment).toBe(false);
  });

  it('does not take a comment or a string for a use', () => {
    expect(parse("/** process.env is not read here. */\nexport const a = 'process.env';").readsEnvironment).toBe(false);
  });

  it.each(['Date.now()', 'new Date()', 'Math.random()', 'randomUUID()'])('notices %s', (text) => {
    expect(parse(`export const a = ${text};`).impurities).toHaveLength(1);
  });

  it('lets a given time pass', () => {
    expect(parse('export const a = new Date(0);').impurities).toEqual([]);
  });

  it.each(['enum A { b }', 'namespace A { export const b = 1; }', 'class A { constructor(private b: string) {} }'])(
    'notices %s',
    (text) => {
      expect(parse(text).unerasable).toHaveLength(1);
    },
  );

  it.each(['a.b = () => 1;', 'a.b ??= async () => 1;', 'a[0] = (function () {});', 'class A { #b; c() { this.#b = () => 1; } }'])(
    'notices %s',
    (text) => {
      expect(parse(text).functionsOnProperties).toEqual([1]);
    },
  );

  it.each(['const b = () => 1; a.b = b;', 'const a = { b: () => 1 };', 'class A { b = () => 1; }', 'let a; a = () => 1;'])(
    'lets %s pass',
    (text) => {
      expect(parse(text).functionsOnProperties).toEqual([]);
    },
  );

  it('lets ambient declarations pass', () => {
    expect(parse("declare module 'vitest' { interface A { b: string } }").unerasable).toEqual([]);
  });
});
