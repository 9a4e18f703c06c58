/** A route as YAML text and back. Loaded with the views that need it: the reader of YAML is large. */
import { isMap, isPair, isScalar, parseDocument, stringify } from 'yaml';
import type { EditorProblem } from '../../parts/code-editor/code-editor.tsx';
import { type ReadProblem, readRoute } from './read-route.ts';
import { documentOf, inputOf, type RouteContent, type RouteDocument } from './route-document.ts';

export type YamlRead =
  | { document: RouteDocument }
  /** Not readable as YAML. */
  | { broken: EditorProblem }
  /** Readable, but not as a route. */
  | { problems: (ReadProblem & { place: { from: number; to: number } | null })[] };

export function yamlOf(document: RouteDocument): string {
  return stringify(inputOf(document), { lineWidth: 0, aliasDuplicateObjects: false, blockQuote: 'literal' });
}

/** A stored version without what has its default, so that versions compare by what people wrote. */
export function yamlOfContent(content: RouteContent): string {
  return yamlOf(documentOf(content));
}

export function readYaml(text: string, before: RouteDocument): YamlRead {
  const parsed = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  const [error] = parsed.errors;
  if (error !== undefined) return { broken: { from: error.pos[0], to: error.pos[1], message: error.message } };
  let value: unknown;
  try {
    // No aliases: what a few bytes unfold to must stay small.
    value = parsed.toJS({ maxAliasCount: 0 });
  } catch (failure) {
    return { broken: { line: 1, message: failure instanceof Error ? failure.message : String(failure) } };
  }
  const read = readRoute(value);
  if ('route' in read) return { document: documentOf(read.route, before) };
  return { problems: read.problems.map((problem) => ({ ...problem, place: placeOf(text, problem.path) })) };
}

/** Where the value under a JSON Pointer is written, else the nearest thing above it. Null: nowhere. */
export function placeOf(text: string, pointer: string): { from: number; to: number } | null {
  const parsed = parseDocument(text, { prettyErrors: false });
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  for (let depth = steps.length; depth > 0; depth--) {
    const holder: unknown = depth === 1 ? parsed.contents : parsed.getIn(steps.slice(0, depth - 1).map(numbered), true);
    const last = steps[depth - 1];
    // The key of a field, not the whole of what it holds.
    if (isMap(holder)) {
      const pair = holder.items.find((each) => isPair(each) && isScalar(each.key) && String(each.key.value) === last);
      const range = pair !== undefined && isScalar(pair.key) ? pair.key.range : null;
      if (range) return { from: range[0], to: range[1] };
    }
    const node: unknown = parsed.getIn(steps.slice(0, depth).map(numbered), true);
    const range = typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range : null;
    if (range !== null && typeof range[0] === 'number' && typeof range[1] === 'number') return { from: range[0], to: range[1] };
  }
  return null;
}

function numbered(step: string): string | number {
  return /^\d+$/.test(step) ? Number(step) : step;
}
