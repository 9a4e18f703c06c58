/** What a schema cannot say about a `pohoda` spoke. */
import type { FieldProblem } from '@nave/core';
import { httpTlsProblems, parseHttpTarget } from '@nave/protocols';
import type { PohodaConfig } from './config.ts';

/** All problems, with pointers below the spoke. */
export function validatePohoda({ baseUrl, tls }: PohodaConfig): FieldProblem[] {
  return [...addressProblems(baseUrl), ...httpTlsProblems(tls, baseUrl, '/config/tls')];
}

function addressProblems(baseUrl: string): FieldProblem[] {
  const target = parseHttpTarget(baseUrl);
  if (!target.ok) return [{ path: '/config/baseUrl', message: `expected an http or https URL: ${target.reason}` }];
  return /\/xml\/?$/.test(target.path) ? [{ path: '/config/baseUrl', message: 'expected the address of mServer without /xml' }] : [];
}
