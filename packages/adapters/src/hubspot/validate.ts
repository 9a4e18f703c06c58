/** What a schema cannot say about a `hubspot` spoke. */
import type { FieldProblem } from '@nave/core';
import { parseHttpTarget } from '@nave/protocols';
import type { HubspotConfig } from './config.ts';
import { isTimeZone } from './rate-limit.ts';

/** All problems, with pointers below the spoke. */
export function validateHubspot({ baseUrl, timeZone }: HubspotConfig): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const target = baseUrl === undefined ? null : parseHttpTarget(baseUrl);
  if (target !== null && !target.ok) problems.push({ path: '/config/baseUrl', message: `expected an http or https URL: ${target.reason}` });
  if (timeZone !== undefined && !isTimeZone(timeZone))
    problems.push({ path: '/config/timeZone', message: 'expected a time zone such as Europe/Prague' });
  return problems;
}
