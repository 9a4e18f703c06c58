/** What a schema cannot say of a policy: lengths of durations, fields that exclude each other. */
import { joinPointer } from '@nave/adapter-kit';
import type { PolicyInput, RetryInput } from '@nave/api-schema';
import { type FieldProblem, formatDuration, parseDuration } from '@nave/core';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/**
 * JSON Pointers below the spoke.
 * @param known names of the spoke's operations; null when they cannot be known
 */
export function policyProblems(policy: PolicyInput, known: readonly string[] | null): FieldProblem[] {
  const { timeout, rate, retry, breaker, operations = {} } = policy;
  const problems = [
    ...lengthProblem('/policy/timeout', timeout, 1, HOUR),
    ...lengthProblem('/policy/rate/per', rate?.per, 1, DAY),
    ...lengthProblem('/policy/breaker/cooldown', breaker?.cooldown, 1, DAY),
    ...retryProblems('/policy/retry', retry),
  ];
  for (const [name, own] of Object.entries(operations)) {
    const path = joinPointer('/policy/operations', name);
    if (known !== null && !known.includes(name)) problems.push({ path, message: 'the spoke has no operation of this name' });
    problems.push(...lengthProblem(`${path}/timeout`, own.timeout, 1, HOUR), ...retryProblems(`${path}/retry`, own.retry));
  }
  return problems;
}

function retryProblems(path: string, retry: RetryInput | undefined): FieldProblem[] {
  const problems = [...lengthProblem(`${path}/base`, retry?.base, 1, DAY), ...lengthProblem(`${path}/max`, retry?.max, 1, 30 * DAY)];
  if (retry?.preset !== undefined && Object.keys(retry).length > 1)
    problems.push({ path: `${path}/preset`, message: 'expected either a preset or the other fields, not both' });
  if (retry?.base !== undefined && retry.max !== undefined && (parseDuration(retry.base) ?? 0) > (parseDuration(retry.max) ?? 0))
    problems.push({ path: `${path}/max`, message: 'expected at least as long as base' });
  return problems;
}

/** A problem when a duration is outside of its bounds (ms). */
export function lengthProblem(path: string, text: string | null | undefined, minMs: number, maxMs: number): FieldProblem[] {
  const ms = typeof text === 'string' ? parseDuration(text) : null;
  if (ms === null || (ms >= minMs && ms <= maxMs)) return [];
  return [{ path, message: `expected ${formatDuration(minMs)} to ${formatDuration(maxMs)}` }];
}
