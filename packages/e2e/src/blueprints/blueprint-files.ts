/** The blueprints as they lie in `examples/blueprints/`: their configuration, and their sample messages with what becomes of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigurationInput } from '@nave/api-schema';
import { parseNaveYaml } from '@nave/api-schema/nave-yaml';

const BLUEPRINTS_DIR = fileURLToPath(new URL('../../../../examples/blueprints', import.meta.url));

export interface Sample {
  name: string;
  /** The body as its sender sends it. */
  body: unknown;
  expected: Expected;
}

/** `<sample>.expected.json`: what is left out is not looked at, except routes and steps, which have to be complete. */
export interface Expected {
  spoke: string;
  type: string;
  idempotencyKey?: string;
  orderingKey?: string;
  keys?: Record<string, string>;
  /** Ordering keys of routes that have their own. */
  lanes?: Record<string, string>;
  /** By route and step, the mapped input, or `{ "fails": <error code> }`; `"filtered"` for a route whose `when` is false. */
  routes: Record<string, 'filtered' | Record<string, unknown>>;
}

export function blueprintNames(): string[] {
  return readdirSync(BLUEPRINTS_DIR, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export const naveYamlOf = (blueprint: string): string => join(BLUEPRINTS_DIR, blueprint, 'nave.yaml');

/** Names of the variables that a `nave.yaml` asks for. */
export function variablesOf(blueprint: string): string[] {
  const text = readFileSync(naveYamlOf(blueprint), 'utf8');
  return [...new Set([...text.matchAll(/\$\{env:([A-Z_]+)\}/g)].map(([, name]) => name ?? ''))].sort();
}

/** @throws Error with every problem of the file */
export function readBlueprint(blueprint: string, variables: Readonly<Record<string, string>>): ConfigurationInput {
  const parsed = parseNaveYaml(readFileSync(naveYamlOf(blueprint), 'utf8'), {
    env: (name) => variables[name],
    file: (path) => readFileSync(join(BLUEPRINTS_DIR, blueprint, path), 'utf8'),
  });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, message }) => `${blueprint}/nave.yaml:${line} ${message}`).join('\n'));
  if (parsed.warnings.length > 0) throw new Error(parsed.warnings.map(({ line, message }) => `${blueprint}:${line} ${message}`).join('\n'));
  return parsed.config;
}

export function samplesOf(blueprint: string): Sample[] {
  const dir = join(BLUEPRINTS_DIR, blueprint, 'samples');
  const json = (name: string) => JSON.parse(readFileSync(join(dir, `${name}.json`), 'utf8'));
  return readdirSync(dir)
    .filter((file) => file.endsWith('.json') && !file.endsWith('.expected.json'))
    .map((file) => file.replace(/\.json$/, ''))
    .sort()
    .map((name) => ({ name, body: json(name), expected: json(`${name}.expected`) }));
}
