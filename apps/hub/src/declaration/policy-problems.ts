/** What a schema cannot say of a policy: lengths of durations, fields that exclude each other. */
import type { PolicyInput } from '@nave/api-schema';
import { type FieldProblem, formatDuration, parseDuration } from '@nave/core';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** JSON Pointers below the spoke. */
export function policyProblems(policy: PolicyInput): FieldProblem[] {
  const { timeout, rate, retry, breaker } = policy;
  const problems = [
    ...lengthProblem('/policy/timeout', timeout, 1, HOUR),
    ...lengthProblem('/policy/rate/per', rate?.per, 1, DAY),
    ...lengthProblem('/policy/retry/base', retry?.base, 1, DAY),
    ...lengthProblem('/policy/retry/max', retry?.max, 1, 30 * DAY),
    ...lengthProblem('/policy/breaker/cooldown', breaker?.cooldown, 1, DAY),
  ];
  if (retry?.preset !== undefined && Object.keys(retry).length > 1)
    problems.push({ path: '/policy/retry/preset', message: 'expected either a preset or the other fields, not both' });
  if (retry?.base !== undefined && retry.max !== undefined && (parseDuration(retry.base) ?? 0) > (parseDuration(retry.max) ?? 0))
    problems.push({ path: '/policy/retry/max', message: 'expected at least as long as base' });
  return problems;
}

/** A problem when a duration is outside of its bounds (ms). */
export function lengthProblem(path: string, text: string | null | undefined, minMs: number, maxMs: number): FieldProblem[] {
  const ms = typeof text === 'string' ? parseDuration(text) : null;
  if (ms === null || (ms >= minMs && ms <= maxMs)) return [];
  return [{ path, message: `expected ${formatDuration(minMs)} to ${formatDuration(maxMs)}` }];
}
