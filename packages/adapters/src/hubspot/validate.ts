/** What a schema cannot say about a `hubspot` spoke. */
import type { FieldProblem } from '@nave/core';
import { httpCredentialProblems, httpTlsProblems, parseHttpTarget } from '@nave/protocols';
import { DEFAULT_BASE_URL, type HubspotConfig, type HubspotCredentials } from './config.ts';
import { isTimeZone } from './rate-limit.ts';

/** All problems, with pointers below the spoke. */
export function validateHubspot(
  { baseUrl = DEFAULT_BASE_URL, timeZone, tls }: HubspotConfig,
  credentials: HubspotCredentials,
): FieldProblem[] {
  const problems = [...httpTlsProblems(tls, baseUrl, '/config/tls'), ...httpCredentialProblems(credentials)];
  const target = parseHttpTarget(baseUrl);
  if (!target.ok) problems.push({ path: '/config/baseUrl', message: `expected an http or https URL: ${target.reason}` });
  if (timeZone !== undefined && !isTimeZone(timeZone))
    problems.push({ path: '/config/timeZone', message: 'expected a time zone such as Europe/Prague' });
  return problems;
}
