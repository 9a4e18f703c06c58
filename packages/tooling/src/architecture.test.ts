/** The shape of the product, held: who imports whom (import-table.ts), where libraries and the environment may appear, and how files are written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '@nave/adapters';
import { describe, expect, it } from 'vitest';
import { findCycles } from './architecture/find-cycles.ts';
import { ENVIRONMENT_READERS, IMPORT_TABLE, LIBRARY_RULES, PURE_PACKAGES } from './architecture/import-table.ts';
import { isTestFile, libraryOf, ROOT, readWorkspace, resolveImport, sharedTestTools } from './architecture/workspace.ts';

const workspace = readWorkspace();
const testTools = sharedTestTools();
const byName = new Map(workspace.map((one) => [one.name, one]));
const files = workspace.flatMap((one) => one.files.map((file) => ({ ...file, owner: one })));
const imports = files.flatMap((file) =>
  file.imports.map((one) => ({ ...one, from: file.path, owner: file.owner, target: resolveImport(file.path, one.specifier, byName) })),
);

describe('dependencies', () => {
  it('places every package in the import table', () => {
    expect(workspace.map(({ name }) => name).filter((name) => !(name in IMPORT_TABLE))).toEqual([]);
  });

  it('declares only workspace packages of the table', () => {
    const wrong = workspace.flatMap(({ name, dependencies, devDependencies }) => {
      const rule = IMPORT_TABLE[name] ?? { imports: [], testImports: [] };
      const dev = [...rule.imports, ...rule.testImports];
      return [
        ...dependencies.filter((one) => !rule.imports.includes(one)).map((one) => `${name} depends on ${one}`),
        ...devDependencies.filter((one) => !dev.includes(one)).map((one) => `${name} depends (dev) on ${one}`),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it('imports only what is declared, and dev dependencies only in tests', () => {
    const wrong = imports
      .filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .filter(({ specifier, owner, from, typeOnly }) => {
        const library = libraryOf(specifier);
        if (!owner.declared.has(library)) return !((isTestFile(from) || OUTSIDE.has(owner.name)) && testTools.has(library));
        const workspaceName = library.replace('@nave/', '');
        const devOnly = library.startsWith('@nave/') && !owner.dependencies.includes(workspaceName);
        return devOnly && !isTestFile(from) && !typeOnly && !OUTSIDE.has(owner.name);
      });
    expect(wrong.map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
  });

  it('reaches into other packages only through their exports', () => {
    const deep = imports.filter(({ target }) => target.kind === 'hidden');
    const across = imports.filter(({ target, owner, specifier }) => {
      return specifier.startsWith('.') && target.kind === 'file' && !target.path.startsWith(`${owner.dir}/`);
    });
    expect([...deep, ...across].map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
  });

  it('has no import cycle, within a package or across', () => {
    const edges = new Map(files.map(({ path }) => [path, new Set<string>()]));
    for (const { from, target, typeOnly } of imports) if (!typeOnly && target.kind === 'file') edges.get(from)?.add(target.path);
    expect(findCycles(edges)).toEqual([]);
  });

  it('imports no kind from another kind', () => {
    const kindOf = (path: string) => /^packages\/adapters\/src\/([^/]+)\//.exec(path)?.[1];
    const wrong = imports.filter(({ from, target }) => {
      if (target.kind !== 'file') return false;
      const [own, other] = [kindOf(from), kindOf(target.path)];
      return own !== undefined && other !== undefined && own !== other && isKind(own) && isKind(other);
    });
    expect(wrong.map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
  });
});

describe('places', () => {
  it.each(LIBRARY_RULES)('$library is used only in $only: $reason', ({ library, only }) => {
    const wrong = imports.filter(
      ({ target, owner }) =>
        target.kind === 'external' &&
        (target.library === library || (library.endsWith('/') && target.library.startsWith(library))) &&
        !only.includes(owner.name),
    );
    expect(wrong.map(({ from }) => from).filter((from) => !isTestFile(from))).toEqual([]);
  });

  it('uses the generated Prisma client only in store', () => {
    const users = imports.filter(({ specifier }) => specifier.includes('/generated/')).map(({ from }) => from);
    expect(users.filter((from) => !from.startsWith('packages/store/src/'))).toEqual([]);
  });

  it('reads the environment only where the table says', () => {
    const allowed = (path: string) =>
      ENVIRONMENT_READERS.some((one) => (one.path.endsWith('/') ? path.startsWith(one.path) : path === one.path));
    expect(files.filter(({ readsEnvironment, path }) => readsEnvironment && !allowed(path)).map(({ path }) => path)).toEqual([]);
  });

  it('keeps no exception for the environment that nobody needs', () => {
    const stale = ENVIRONMENT_READERS.filter(({ path }) => !files.some((file) => file.readsEnvironment && file.path.startsWith(path)));
    expect(stale.map(({ path }) => path)).toEqual([]);
  });

  it.each(Object.entries(PURE_PACKAGES))('%s does no I/O and knows neither time nor chance', (name, allowed) => {
    const mine = files.filter((file) => file.owner.name === name && !isTestFile(file.path));
    const node = mine.flatMap((file) =>
      file.imports.filter(({ specifier }) => specifier.startsWith('node:')).map((one) => ({ file, one })),
    );
    const foreign = node
      .filter(({ one }) => !allowed.includes(one.specifier))
      .map(({ file, one }) => `${file.path} imports ${one.specifier}`);
    const impure = mine.flatMap(({ path, impurities }) => impurities.map((what) => `${path} uses ${what}`));
    expect([...foreign, ...impure]).toEqual([]);
  });
});

describe('kinds', () => {
  it('are the folders of adapters: adding one is a folder and a line', () => {
    const folders = files
      .map(({ path }) => /^packages\/adapters\/src\/([^/]+)\/index\.ts$/.exec(path)?.[1])
      .filter((name) => name !== undefined);
    expect(folders.sort()).toEqual(KINDS.map(({ kind }) => kind).sort());
  });

  it.each(KINDS.map(({ kind }) => kind))('%s says in its README what it is', (kind) => {
    expect(existsSync(join(ROOT, 'packages/adapters/src', kind, 'README.md'))).toBe(true);
  });
});

describe('files', () => {
  it('open with a sentence on what they are for; tests and lists of exports speak for themselves', () => {
    const told = (opening: string) => /^.{12,}[.:!?]/s.test(opening);
    const silent = files.filter(({ path, opening, isBarrel }) => !isBarrel && !isTestFile(path) && !told(opening));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('use only syntax that Node can erase', () => {
    expect(files.flatMap(({ path, unerasable }) => unerasable.map((what) => `${path}: ${what}`))).toEqual([]);
  });

  it('of the hub name a function before they keep it in a property', () => {
    // V8 makes it in the old generation otherwise, with all it can see, until the next full collection (docs/performance.md).
    const mine = files.filter(({ path, owner }) => !isTestFile(path) && !OUTSIDE.has(owner.name) && !NOT_IN_THE_HUB.has(owner.name));
    expect(mine.flatMap(({ path, functionsOnProperties }) => functionsOnProperties.map((line) => `${path}:${line}`))).toEqual([]);
  });

  it('are named in kebab case', () => {
    const name = /^([a-z0-9]+(-[a-z0-9]+)*)(\.(test|int\.test|browser\.test|fault\.test|fixture|bench|d))?\.tsx?$/;
    expect(files.map(({ path }) => path).filter((path) => !name.test(path.split('/').at(-1) ?? ''))).toEqual([]);
  });

  it('stay short enough to be one concept', () => {
    expect(
      files.filter(({ path, lineCount }) => lineCount > LINES_MAX && !isTestFile(path) && !isSuite(path)).map(({ path }) => path),
    ).toEqual([]);
  });
});

/** They run the product from outside and are never part of it, so for them every dependency is a dev dependency. */
const OUTSIDE = new Set(['bench', 'e2e', 'tooling', 'testkit']);

const NOT_IN_THE_HUB = new Set(['dashboard', 'cli', 'sdk', 'demo']);

const LINES_MAX = 300;

/** Contract suites of testkit and the tables of e2e are tests, though they are not named so. */
function isSuite(path: string): boolean {
  return /^packages\/(testkit\/.*-contract\.ts$|e2e\/)/.test(path);
}

function isKind(folder: string): boolean {
  return KINDS.some(({ kind }) => kind === folder);
}
