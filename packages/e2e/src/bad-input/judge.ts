/** What every refusal has to look like: a problem document with all its fields, of an expected status, that tells nothing of the inside. */
import { at } from '../harness/json.ts';
import type { RawAnswer } from './raw-client.ts';

/** Traces of stacks, SQL, files and connection strings; nothing of it is ever sent by these suites. */
const INSIDE =
  /\.ts:\d+|node:internal|node_modules|\/work\/|\/tmp\/|postgres(ql)?:\/\/|redis:\/\/|prisma|\b(SELECT|INSERT INTO|UPDATE) [a-z]|\bpg_|SQLSTATE|22P0|22021|HubError|FST_ERR|ECONN/;
const FIELDS = ['type', 'title', 'detail', 'instance', 'code'] as const;

/** Answers what is wrong with an answer; empty when it is a proper refusal, or a success where one is allowed. */
export function faultsOf(answer: RawAnswer, expected: readonly number[]): string[] {
  const { status, headers, text } = answer;
  if (status === 0) return [`no answer: ${text}`];
  const faults: string[] = [];
  if (!expected.includes(status)) faults.push(`status ${status}, expected ${expected.join(' or ')}: ${text.slice(0, 200)}`);
  if (status < 400) return faults;
  if (status >= 500 && status !== 503) faults.push('an error of the hub');
  if (!String(headers['content-type']).startsWith('application/problem+json')) faults.push(`content type ${headers['content-type']}`);
  const problem = parsed(text);
  for (const field of FIELDS) if (typeof at(problem, field) !== 'string' || at(problem, field) === '') faults.push(`no ${field}`);
  if (at(problem, 'status') !== status) faults.push(`status ${at(problem, 'status')} inside, ${status} outside`);
  const errors = at(problem, 'errors');
  if (errors !== undefined && !isErrorList(errors))
    faults.push(`errors are no list of path and message: ${JSON.stringify(errors).slice(0, 200)}`);
  if (status === 401 && headers['www-authenticate'] === undefined) faults.push('401 without WWW-Authenticate');
  if (status === 405 && headers['allow'] === undefined) faults.push('405 without Allow');
  if ((status === 429 || status === 503) && headers['retry-after'] === undefined) faults.push(`${status} without Retry-After`);
  const leak = INSIDE.exec(text)?.[0];
  if (leak !== undefined) faults.push(`tells of the inside: ${leak} in ${text.slice(0, 300)}`);
  return faults;
}

function isErrorList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item: unknown) => {
      const path = at(item, 'path');
      return typeof path === 'string' && (path === '' || path.startsWith('/')) && typeof at(item, 'message') === 'string';
    })
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
