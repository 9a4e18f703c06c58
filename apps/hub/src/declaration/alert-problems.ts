/** Everything wrong with an alert rule beyond its shape, all at once. */
import type { AlertRuleSpec } from '@nave/api-schema';
import type { FieldProblem } from '@nave/core';
import { isTimezone } from '../alerts/quiet-time.ts';
import { lengthProblem } from './policy-problems.ts';
import { type FindSpoke, operationProblem } from './route-problems.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 86_400 * SECOND;
/** Below `/alerts` these are other things. */
export const RESERVED_RULE_NAMES: ReadonlySet<string> = new Set(['firing', 'history']);

/** JSON Pointers below the rule. */
export function alertProblems(name: string, spec: AlertRuleSpec, findSpoke: FindSpoke): FieldProblem[] {
  const problems = alertTargetProblems(spec, findSpoke);
  if (RESERVED_RULE_NAMES.has(name))
    problems.push({ path: '/name', message: `a rule cannot be called ${[...RESERVED_RULE_NAMES].join(' or ')}` });
  problems.push(...lengthProblem('/for', spec.for, 0, DAY), ...lengthProblem('/repeat', spec.repeat, MINUTE, 30 * DAY));
  const { when } = spec;
  if ('window' in when) problems.push(...lengthProblem('/when/window', when.window, SECOND, 7 * DAY));
  if ('olderThan' in when) problems.push(...lengthProblem('/when/olderThan', when.olderThan, SECOND, 30 * DAY));
  if (when.condition === 'silent') problems.push(...lengthProblem('/when/minimum', when.minimum, MINUTE, 30 * DAY));
  for (const [index, { timezone }] of spec.quiet.entries())
    if (!isTimezone(timezone))
      problems.push({ path: `/quiet/${index}/timezone`, message: 'expected an IANA time zone such as Europe/Prague' });
  const places = new Set<string>();
  for (const [index, { to, operation, after }] of spec.notify.entries()) {
    problems.push(...lengthProblem(`/notify/${index}/after`, after, 0, 30 * DAY));
    const place = JSON.stringify([to, operation, after]);
    if (places.has(place)) problems.push({ path: `/notify/${index}`, message: 'the same place after the same time is there already' });
    places.add(place);
  }
  return problems;
}

/** Problems with the spokes that the rule names: these also change when a spoke does. */
export function alertTargetProblems(spec: AlertRuleSpec, findSpoke: FindSpoke): FieldProblem[] {
  const watched = spec.spokes.flatMap((name, index) =>
    name.includes('*') || findSpoke(name) ? [] : [{ path: `/spokes/${index}`, message: 'there is no spoke of this name' }],
  );
  const told = spec.notify.flatMap(({ to, operation }, index) => {
    const spoke = findSpoke(to);
    if (!spoke) return [{ path: `/notify/${index}/to`, message: 'there is no spoke of this name' }];
    if (!spoke.delivers) return [{ path: `/notify/${index}/to`, message: `a spoke of kind ${spoke.kind} only sends` }];
    const message = operationProblem(spoke, operation);
    return message === null ? [] : [{ path: `/notify/${index}/operation`, message }];
  });
  return [...watched, ...told];
}
