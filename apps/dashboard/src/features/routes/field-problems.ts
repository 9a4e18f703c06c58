/** What is wrong with the fields of a route being written, told by its save, by the trial of the draft, or by being empty. */
import { isJsonObject } from '../../parts/schema-form/schema-shape.ts';
import { blank, inputOf, type RouteDocument } from './route-document.ts';

export interface FieldProblem {
  /** JSON Pointer below the route. */
  path: string;
  message: string;
  /** In the expression, in characters from 1; null: all of it. */
  position: number | null;
}

/** Those of a refusal whose field still holds what was refused. */
export function stillWrong(problems: readonly FieldProblem[], sent: RouteDocument, now: RouteDocument): FieldProblem[] {
  const [before, after] = [inputOf(sent), inputOf(now)];
  return problems.filter(({ path }) => JSON.stringify(valueAt(before, path)) === JSON.stringify(valueAt(after, path)));
}

/** Each field and message once; the first ones win. */
export function joinProblems(...lists: readonly (readonly FieldProblem[])[]): FieldProblem[] {
  const found = new Map<string, FieldProblem>();
  for (const problem of lists.flat()) {
    const key = `${problem.path} ${problem.message}`;
    const known = found.get(key);
    if (known === undefined || (known.position === null && problem.position !== null)) found.set(key, problem);
  }
  return [...found.values()];
}

/** Fields that a route cannot be without. */
export function missingFields(document: RouteDocument, message: string): FieldProblem[] {
  const missing = [
    ...(blank(document.spoke) ? ['/from/spoke'] : []),
    ...(blank(document.type) ? ['/from/type'] : []),
    ...document.steps.flatMap(({ name, to }, index) => [
      ...(blank(name) ? [`/steps/${index}/name`] : []),
      ...(blank(to) ? [`/steps/${index}/to`] : []),
    ]),
  ];
  return missing.map((path) => ({ path, message, position: null }));
}

function valueAt(value: unknown, pointer: string): unknown {
  let found = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(found)) found = found[Number(name)];
    else found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}
