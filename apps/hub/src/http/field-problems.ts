/** Ajv's errors as field problems: JSON Pointers and words a person can act on. */
import { patternWords } from '@nave/api-schema';
import type { FieldProblem } from '@nave/core';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';

const PROBLEMS_MAX = 100;

/** @param base pointer of what was validated: empty for the body, `/query`, `/params`, `/headers` for the rest */
export function fieldProblems(errors: readonly FastifySchemaValidationError[], base: string): FieldProblem[] {
  const telling = withoutBranchNoise(errors);
  const problems = telling.map((error) => problemOf(error, base));
  const seen = new Set<string>();
  return problems.filter(({ path, message }) => !seen.has(`${path} ${message}`) && seen.add(`${path} ${message}`)).slice(0, PROBLEMS_MAX);
}

/**
 * A union that fails is one problem, and what its branches say one by one hides it. But where the value can only have been meant for one branch (the others
 * are of another type: null, a list), what that branch says is the problem.
 */
function withoutBranchNoise(errors: readonly FastifySchemaValidationError[]): FastifySchemaValidationError[] {
  // Ajv tells of a union after its branches: the last one is not inside of another.
  const union = errors.findLast(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  if (!union) return [...errors];
  const inside = (error: FastifySchemaValidationError): boolean => error !== union && error.schemaPath.startsWith(`${union.schemaPath}/`);
  const outside = errors.filter((error) => error !== union && !(inside(error) && error.instancePath.startsWith(union.instancePath)));
  const branches = Map.groupBy(
    errors.filter((error) => inside(error) && error.instancePath.startsWith(union.instancePath)),
    (error) => error.schemaPath.slice(union.schemaPath.length + 1).split('/', 1)[0],
  );
  const meant = [...branches.values()].filter((branch) => !branch.some((error) => isOtherForm(error, union.instancePath)));
  const [only] = meant;
  const kept =
    meant.length === 1 && only ? withoutBranchNoise(only) : [untaggedIn([...branches.values()]) ?? { ...union, keyword: 'union' }];
  return [...withoutBranchNoise(outside), ...kept];
}

/** Of another type, or another word in the field that tells the forms apart. */
function isOtherForm({ keyword, instancePath }: FastifySchemaValidationError, path: string): boolean {
  return (instancePath === path && keyword === 'type') || (isInOrAt(instancePath, path) && keyword === 'const');
}

function isInOrAt(instancePath: string, path: string): boolean {
  return instancePath === path || (instancePath.startsWith(`${path}/`) && !instancePath.slice(path.length + 1).includes('/'));
}

/** What is wrong with the field that tells the forms apart, when there is one and no form has what it holds. */
function untaggedIn(branches: readonly FastifySchemaValidationError[][]): FastifySchemaValidationError | null {
  for (const error of branches[0] ?? []) {
    const same = branches.map((branch) =>
      branch.find(
        ({ keyword, instancePath, params }) =>
          keyword === error.keyword && instancePath === error.instancePath && params['missingProperty'] === error.params['missingProperty'],
      ),
    );
    if (error.keyword === 'required' && same.every((one) => one !== undefined)) return error;
    if (error.keyword !== 'const') continue;
    const allowedValues = same.flatMap((one) => (one ? [one.params['allowedValue']] : []));
    if (allowedValues.length === branches.length) return { ...error, keyword: 'enum', params: { allowedValues } };
  }
  return null;
}

function problemOf(error: FastifySchemaValidationError, base: string): FieldProblem {
  const path = base + error.instancePath;
  const { params, keyword } = error;
  if (keyword === 'required') return { path: below(path, params['missingProperty']), message: 'required' };
  if (keyword === 'additionalProperties') return { path: below(path, params['additionalProperty']), message: 'unknown field' };
  if (keyword === 'const') return { path, message: `expected ${JSON.stringify(params['allowedValue'])}` };
  if (keyword === 'enum') return { path, message: `expected one of ${JSON.stringify(params['allowedValues'])}` };
  if (keyword === 'union') return { path, message: 'fits none of the allowed forms' };
  return { path, message: patternWords(params['pattern']) ?? error.message ?? 'not valid' };
}

function below(path: string, name: unknown): string {
  return `${path}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
