/** Ajv's errors as field problems: JSON Pointers and words a person can act on. */
import type { FieldProblem } from '@nave/core';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';

const PROBLEMS_MAX = 100;

/** @param base pointer of what was validated: empty for the body, `/query`, `/params`, `/headers` for the rest */
export function fieldProblems(errors: readonly FastifySchemaValidationError[], base: string): FieldProblem[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  // What the branches of a union say one by one hides what is wrong: a union that fails is one problem.
  const telling = errors.filter((error) => !unions.some((union) => union !== error && error.schemaPath.startsWith(`${union.schemaPath}/`)));
  const problems = telling.map((error) => problemOf(error, base));
  const seen = new Set<string>();
  return problems.filter(({ path, message }) => !seen.has(`${path} ${message}`) && seen.add(`${path} ${message}`)).slice(0, PROBLEMS_MAX);
}

function problemOf(error: FastifySchemaValidationError, base: string): FieldProblem {
  const path = base + error.instancePath;
  const { params, keyword } = error;
  if (keyword === 'required') return { path: below(path, params['missingProperty']), message: 'required' };
  if (keyword === 'additionalProperties') return { path: below(path, params['additionalProperty']), message: 'unknown field' };
  if (keyword === 'const') return { path, message: `expected ${JSON.stringify(params['allowedValue'])}` };
  if (keyword === 'enum') return { path, message: `expected one of ${JSON.stringify(params['allowedValues'])}` };
  if (keyword === 'anyOf' || keyword === 'oneOf') return { path, message: 'fits none of the allowed forms' };
  return { path, message: error.message ?? 'not valid' };
}

function below(path: string, name: unknown): string {
  return `${path}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
