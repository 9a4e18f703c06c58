/** What can be written in an expression over a message: the paths of a sample, answers of earlier steps, and what else the root has. */
import type { Completion } from '../../parts/code-editor/code-editor.tsx';
import { isJsonObject } from '../../parts/schema-form/schema-shape.ts';

const PATHS_MAX = 500;
const DEPTH_MAX = 12;
/** Of a list so many elements are looked at: those of one list mostly have the same fields. */
const ELEMENTS_MAX = 20;
const SHOWN_MAX = 40;

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export interface PathSources {
  /** The parsed body; undefined while there is no sample. */
  data: unknown;
  headers: Readonly<Record<string, string>>;
  /** Earlier steps with the answers that were given for them. */
  steps: readonly { name: string; answer?: unknown }[];
}

/** Every path once, shortest branches first. */
export function pathsOf({ data, headers, steps }: PathSources): Completion[] {
  const found = new Map<string, string>();
  for (const name of ['id', 'type', 'source', 'receivedAt', 'correlationId']) found.set(name, '');
  collect('data', data, found, 0);
  collect('headers', headers, found, 0);
  if (steps.length > 0) found.set('steps', '');
  for (const { name, answer } of steps) {
    collect(`steps.${quoted(name)}`, answer, found, 0);
    for (const part of ['status', 'headers', 'body']) found.set(`$response("${name}").${part}`, '');
  }
  return [...found].map(([label, detail]) => (detail === '' ? { label } : { label, detail }));
}

/** Those that begin like what is written, in any case. */
export function matchingPaths(paths: readonly Completion[], prefix: string): Completion[] {
  const wanted = prefix.toLowerCase();
  return paths.filter(({ label }) => label.toLowerCase().startsWith(wanted));
}

function collect(path: string, value: unknown, found: Map<string, string>, depth: number): void {
  if (found.size >= PATHS_MAX || depth > DEPTH_MAX) return;
  if (!found.has(path)) found.set(path, shownOf(value));
  // JSONata goes through lists by itself.
  const objects = Array.isArray(value) ? value.slice(0, ELEMENTS_MAX) : [value];
  for (const object of objects) {
    if (isJsonObject(object)) for (const [name, each] of Object.entries(object)) collect(`${path}.${quoted(name)}`, each, found, depth + 1);
  }
}

function quoted(name: string): string {
  return NAME.test(name) && !RESERVED.has(name) ? name : `\`${name}\``;
}

const RESERVED = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

function shownOf(value: unknown): string {
  if (value === undefined || isJsonObject(value)) return '';
  if (Array.isArray(value)) return '[…]';
  const text = JSON.stringify(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX - 1)}…` : text;
}
