/** Everything wrong with a configured scheme, for the admin API. */
import type { FieldProblem, VerifyScheme } from '@nave/core';
import { optionProblems } from './option-problems.ts';
import { schemeByName, VERIFY_SCHEMES } from './registry.ts';
import { secretPath } from './secret-path.ts';

/** Rotation needs two; more than this is a mistake. */
const SECRETS_MAX = 10;

/**
 * All problems of a scheme at once; empty when it compiles. Paths are JSON Pointers below the scheme in the flat form of the API:
 * `/scheme`, `/secret`, `/secrets/1/secret`, `/header`. Messages never repeat a secret.
 */
export function verifySchemeProblems(scheme: VerifyScheme): FieldProblem[] {
  const definition = schemeByName(scheme.scheme);
  if (!definition) return [{ path: '/scheme', message: `expected one of ${VERIFY_SCHEMES.join(', ')}` }];
  const problems = optionProblems(definition.options, scheme.options);
  if (scheme.secrets.length === 0 && definition.secretRequired) problems.push({ path: '/secret', message: 'is required' });
  if (scheme.secrets.length > SECRETS_MAX) problems.push({ path: '/secrets', message: `expected at most ${SECRETS_MAX} entries` });
  scheme.secrets.forEach(({ secret }, index) => {
    if (secret === '') problems.push({ path: secretPath(scheme, index), message: 'must not be empty' });
  });
  if (problems.length > 0) return problems;
  return [...(definition.problems?.(scheme) ?? [])];
}
