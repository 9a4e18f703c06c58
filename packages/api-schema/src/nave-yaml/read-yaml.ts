/** YAML 1.2 to plain values, with the place of each: no tags, no merge keys, no cycles, bounded in depth and size. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';

export interface Place {
  line: number;
  column: number;
}

export interface YamlProblem extends Place {
  path: string;
  message: string;
}

/** Looks at every string value: gives the one to keep, or says what is wrong with it. */
export type ReadString = (value: string, path: string, place: Place) => { ok: true; value: string } | { ok: false; message: string };

export type YamlRead = { ok: true; value: unknown; locate(pointer: string): Place } | { ok: false; problems: YamlProblem[] };

const TEXT_LENGTH_MAX = 5 * 1024 * 1024;
const DEPTH_MAX = 64;
/** Values, those behind aliases counted each time: what stops an alias bomb. */
const VALUES_MAX = 200_000;
const PROBLEMS_MAX = 100;

/** Thrown to leave the walk when a bound is reached; never leaves this module. */
class TooMuch extends Error {}

export function readYaml(text: string, readString: ReadString): YamlRead {
  const start = { path: '', line: 1, column: 1 };
  if (text.length > TEXT_LENGTH_MAX) return { ok: false, problems: [{ ...start, message: 'is larger than 5 MiB' }] };
  const lines = new LineCounter();
  // Pretty errors would quote the line, which may hold a secret.
  const options = { version: '1.2', schema: 'core', stringKeys: true, resolveKnownTags: false, prettyErrors: false } as const;
  const document = parseDocument(text, { ...options, lineCounter: lines });
  const places = new Map<string, Place>();
  const problems: YamlProblem[] = [...document.errors, ...document.warnings].slice(0, PROBLEMS_MAX).map(({ code, message, pos }) => ({
    path: '',
    ...placeAt(lines, pos[0]),
    // The parser calls itself for each level.
    message: code === 'RESOURCE_EXHAUSTION' ? `is nested deeper than ${DEPTH_MAX} levels` : message,
  }));
  if (problems.length > 0) return { ok: false, problems };
  if (document.contents === null) return { ok: false, problems: [{ ...start, message: 'is empty; expected spokes and routes' }] };

  const targets = targetsOf(document);
  let values = 0;
  const refuse = (path: string, place: Place, message: string) => {
    if (problems.length < PROBLEMS_MAX) problems.push({ path, ...place, message });
  };
  const read = (given: Node, path: string, place: Place, depth: number): unknown => {
    values += 1;
    if (values > VALUES_MAX) throw new TooMuch(`holds more than ${VALUES_MAX} values, aliases followed`);
    if (depth > DEPTH_MAX) throw new TooMuch(`is nested deeper than ${DEPTH_MAX} levels, or an alias points to what contains it`);
    const node = isAlias(given) ? targets.get(given) : given;
    places.set(path, place);
    if (isMap<Node, Node | null>(node)) {
      const fields: [string, unknown][] = [];
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : '';
        const here = placeAt(lines, key.range?.[0] ?? 0);
        const child = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        if (name === '__proto__') refuse(child, here, 'this name is not allowed');
        else if (name === '<<') refuse(child, here, 'merge keys are not supported; repeat the fields, or use an alias for a whole value');
        else fields.push([name, value === null ? null : read(value, child, here, depth + 1)]);
      }
      return Object.fromEntries(fields);
    }
    if (isSeq<Node>(node))
      return node.items.map((item, index) => read(item, `${path}/${index}`, placeAt(lines, item.range?.[0] ?? 0), depth + 1));
    if (!isScalar(node)) return null;
    const { value } = node;
    if (typeof value === 'number' && (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))))
      refuse(path, place, 'this number cannot be kept exactly; put it in quotes');
    if (typeof value !== 'string') return value;
    const kept = readString(value, path, place);
    if (!kept.ok) refuse(path, place, kept.message);
    return kept.ok ? kept.value : '';
  };
  try {
    const value = read(document.contents, '', start, 0);
    return problems.length > 0 ? { ok: false, problems } : { ok: true, value, locate: (pointer) => nearest(places, pointer) };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return { ok: false, problems: [{ ...start, message: error.message }] };
  }
}

/** What each alias stands for, found in one pass: `alias.resolve()` would search the document for every alias. */
function targetsOf(document: Document.Parsed): Map<Node, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  visit(document, {
    Alias: (_key, alias) => {
      const target = anchors.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function nearest(places: ReadonlyMap<string, Place>, pointer: string): Place {
  for (let path = pointer; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    const place = places.get(path);
    if (place !== undefined) return place;
    if (!path.includes('/')) break;
  }
  return { line: 1, column: 1 };
}
