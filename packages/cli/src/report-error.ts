/** Errors in one line with the next step, and the exit code that goes with them. */
import { ApiError, NotReachable } from '@nave/sdk';
import { Complaint } from './complaint.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { paint } from './output/paint.ts';
import { printable } from './output/printable.ts';

/** @returns the exit code; throws on what is none of the expected errors, so that bugs show their stack */
export function reportError(error: unknown, io: Io, json: boolean): number {
  if (error instanceof Complaint) return tell(io, json, error.exitCode, error.lines, { message: error.lines.join('\n') });
  if (error instanceof NotReachable) {
    const line = `${error.message}; is the hub running? npx pnpm@12 start starts one, --url names another`;
    return tell(io, json, EXIT.unreachable, [line], { message: error.message });
  }
  if (error instanceof ApiError) {
    const { problem } = error;
    const fields = (problem.errors ?? []).map(({ path, message }) => `  ${path === '' ? '/' : path}: ${message}`);
    return tell(
      io,
      json,
      EXIT.failed,
      [`${error.message.replace(/\.$/, '')}; ${nextStep(error)}`, ...(fields.length > 1 ? fields : [])],
      problem,
    );
  }
  throw error;
}

function tell(io: Io, json: boolean, exitCode: number, lines: readonly string[], error: object): number {
  if (json) io.err(JSON.stringify({ error, exitCode }));
  else for (const line of lines) io.err(line.startsWith('  ') ? printable(line) : `${paint(io, 'red', 'error')}  ${printable(line)}`);
  return exitCode;
}

function nextStep({ status, problem, retryAfterSeconds }: ApiError): string {
  if (problem.code.startsWith('http.')) return 'check --url';
  switch (status) {
    case 401:
      return 'give a valid key with --key or NAVE_KEY';
    case 403:
      return 'use a key of a role that may do this (nave keys list shows them)';
    case 404:
      return 'check the name or id';
    case 409:
      return 'look at its state, then try again';
    case 412:
      return 'read it again, then repeat the change';
    case 422:
    case 400:
      return 'correct it and try again';
    case 429:
    case 503:
      return `try again in ${retryAfterSeconds ?? 5} s`;
    default:
      return `code ${problem.code}`;
  }
}
