/** The packages of this repository with their source files, and where an import of one of them leads. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSourceFile, type SourceFile } from './source-file.ts';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');

const SCOPE = '@nave/';
const SKIPPED = new Set(['node_modules', 'generated', 'fixtures', 'dist']);

export interface WorkspacePackage {
  /** Folder name: `core`, `hub`. */
  name: string;
  /** Relative to the root: `packages/core`. */
  dir: string;
  /** Workspace packages it declares, without scope. */
  dependencies: readonly string[];
  devDependencies: readonly string[];
  /** Everything it declares, npm packages included. */
  declared: ReadonlySet<string>;
  /** Subpath (`.`, `./simulators`) to file, relative to the root. */
  exports: ReadonlyMap<string, string>;
  files: readonly SourceFile[];
}

/** Reads `apps/*` and `packages/*`. */
export function readWorkspace(root: string = ROOT): WorkspacePackage[] {
  return ['apps', 'packages'].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => readPackage(root, `${parent}/${entry.name}`, entry.name)),
  );
}

/** Test tools that the root declares once for all packages. */
export function sharedTestTools(root: string = ROOT): ReadonlySet<string> {
  return new Set(keysOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')), 'devDependencies'));
}

/** True for tests and what only tests use: they may import dev dependencies. */
export function isTestFile(path: string): boolean {
  return /\.test\.ts$|[.-]fixture\.ts$/.test(path);
}

/** Where an import goes: a file of this repository, a package of npm or Node, or a workspace path that nobody exports. */
export type Target = { kind: 'file'; path: string } | { kind: 'external'; library: string } | { kind: 'hidden'; specifier: string };

export function resolveImport(from: string, specifier: string, packages: ReadonlyMap<string, WorkspacePackage>): Target {
  if (specifier.startsWith('.')) return { kind: 'file', path: normalize(join(dirname(from), specifier)).replaceAll('\\', '/') };
  if (!specifier.startsWith(SCOPE)) return { kind: 'external', library: libraryOf(specifier) };
  const [name = '', ...rest] = specifier.slice(SCOPE.length).split('/');
  const path = packages.get(name)?.exports.get(rest.length === 0 ? '.' : `./${rest.join('/')}`);
  return path === undefined ? { kind: 'hidden', specifier } : { kind: 'file', path };
}

/** `@prisma/client/runtime` belongs to `@prisma/client`, `pg/lib/x` to `pg`. */
export function libraryOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function readPackage(root: string, dir: string, name: string): WorkspacePackage {
  const manifest: unknown = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8'));
  const prod = [...keysOf(manifest, 'dependencies'), ...keysOf(manifest, 'optionalDependencies'), ...keysOf(manifest, 'peerDependencies')];
  const dev = keysOf(manifest, 'devDependencies');
  const inScope = (names: readonly string[]) => names.filter((one) => one.startsWith(SCOPE)).map((one) => one.slice(SCOPE.length));
  return {
    name,
    dir,
    dependencies: inScope(prod),
    devDependencies: inScope(dev),
    declared: new Set([...prod, ...dev]),
    exports: new Map(
      Object.entries(fieldOf(manifest, 'exports')).map(([sub, file]) => [sub, `${dir}/${String(file).replace(/^\.\//, '')}`]),
    ),
    files: sourcesOf(root, `${dir}/src`).map((path) => readSourceFile(root, path)),
  };
}

function sourcesOf(root: string, dir: string): string[] {
  return readdirSync(join(root, dir), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourcesOf(root, `${dir}/${entry.name}`);
    return /\.tsx?$/.test(entry.name) ? [`${dir}/${entry.name}`] : [];
  });
}

function fieldOf(manifest: unknown, field: string): object {
  if (typeof manifest !== 'object' || manifest === null || !(field in manifest)) return {};
  const value: unknown = Reflect.get(manifest, field);
  return typeof value === 'object' && value !== null ? value : {};
}

function keysOf(manifest: unknown, field: string): string[] {
  return Object.keys(fieldOf(manifest, field));
}
