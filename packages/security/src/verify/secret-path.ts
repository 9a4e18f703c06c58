/** Where a secret of a scheme stands in the API's form. */
import type { FieldProblem, VerifyScheme } from '@nave/core';

/** JSON Pointer below the scheme: one alone is `secret`, several are a list. */
export function secretPath(scheme: VerifyScheme, index: number): string {
  return scheme.secrets.length === 1 ? '/secret' : `/secrets/${index}/secret`;
}

/** One problem per secret that `problem` objects to. */
export function secretProblems(scheme: VerifyScheme, problem: (secret: string) => string | null): FieldProblem[] {
  return scheme.secrets.flatMap(({ secret }, index) => {
    const message = problem(secret);
    return message === null ? [] : [{ path: secretPath(scheme, index), message }];
  });
}
