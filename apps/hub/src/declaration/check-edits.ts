/** What a set of edits must satisfy as a whole: every part valid, and nothing that stays left without what it names. */
import type { AlertRuleSpec, ConfigurationChange, RouteSpec } from '@nave/api-schema';
import { type FieldProblem, HubError } from '@nave/core';
import type { StoredSpoke } from '@nave/store';
import { HUB_SOURCE, SYSTEM_ROUTE_PREFIX } from '../alerts/notification-route.ts';
import { summary } from '../http/problem.ts';
import { alertProblems, alertTargetProblems } from './alert-problems.ts';
import type { EditDeps, EditOptions, Edits } from './edits.ts';
import { plural } from './plural.ts';
import { type FindSpoke, routeProblems, stepTargetProblems } from './route-problems.ts';
import type { SpokeDraft } from './spoke-draft.ts';
import { spokeProblems } from './spoke-problems.ts';

/** Everything as it would then be, by name. */
export interface Specs {
  routes: ReadonlyMap<string, RouteSpec>;
  alerts: ReadonlyMap<string, AlertRuleSpec>;
}

/** @throws HubError `request.invalid` with all problems */
export function assertValid(
  deps: EditDeps,
  edits: Edits,
  { pointer }: EditOptions,
  drafts: ReadonlyMap<string, SpokeDraft>,
  specs: Specs,
  findSpoke: FindSpoke,
): void {
  const below = (base: string, problems: readonly FieldProblem[]): FieldProblem[] =>
    problems.map(({ path, message }) => ({ path: base + path, message }));
  const errors: FieldProblem[] = [];
  const named = (resource: ConfigurationChange['resource'], name: string, input: { name?: string } | null | undefined): void => {
    if (input?.name !== undefined && input.name !== name)
      errors.push({ path: `${pointer(resource, name)}/name`, message: 'is another name than the one it is put under' });
  };
  for (const [name, draft] of drafts) {
    named('spoke', name, edits.spokes.get(name));
    if (name === HUB_SOURCE) errors.push({ path: `${pointer('spoke', name)}/name`, message: "is the name of the hub's own messages" });
    errors.push(...below(pointer('spoke', name), spokeProblems(draft, deps)));
  }
  for (const [name, input] of edits.routes) {
    const spec = specs.routes.get(name);
    if (input === null || !spec) continue;
    named('route', name, input);
    if (name.startsWith(SYSTEM_ROUTE_PREFIX))
      errors.push({ path: `${pointer('route', name)}/name`, message: `names that begin with ${SYSTEM_ROUTE_PREFIX} are the hub's own` });
    errors.push(...below(pointer('route', name), routeProblems(spec, findSpoke, deps.expressions)));
  }
  for (const [name, input] of edits.alerts ?? []) {
    const spec = specs.alerts.get(name);
    if (input === null || !spec) continue;
    named('alert', name, input);
    errors.push(...below(pointer('alert', name), alertProblems(name, spec, findSpoke)));
  }
  if (errors.length > 0) throw new HubError('request.invalid', { detail: summary(errors), errors: errors.slice(0, 200) });
}

/** Routes and alert rules that stay must find what they use in the spokes that change or go. @throws HubError `resource.referenced` */
export function assertUnused(edits: Edits, stored: ReadonlyMap<string, StoredSpoke>, specs: Specs, findSpoke: FindSpoke): void {
  const errors: FieldProblem[] = [];
  const broken = { route: new Set<string>(), 'alert rule': new Set<string>() };
  const touched = (names: readonly string[]): boolean => names.some((spoke) => edits.spokes.has(spoke) && stored.has(spoke));
  for (const [name, spec] of specs.routes) {
    if (edits.routes.has(name) || !touched([spec.from.spoke, ...spec.steps.map(({ to }) => to)])) continue;
    const from = findSpoke(spec.from.spoke) ? [] : [{ path: '/from/spoke', message: 'receives from the spoke' }];
    for (const { path, message } of [...from, ...stepTargetProblems(spec, findSpoke)]) {
      broken.route.add(name);
      errors.push({ path: `/routes/${name}${path}`, message });
    }
  }
  for (const [name, spec] of specs.alerts) {
    if (edits.alerts?.has(name) === true || !touched([...spec.spokes, ...spec.notify.map(({ to }) => to)])) continue;
    for (const { path, message } of alertTargetProblems(spec, findSpoke)) {
      broken['alert rule'].add(name);
      errors.push({ path: `/alerts/${name}${path}`, message });
    }
  }
  if (errors.length === 0) return;
  const detail = (['route', 'alert rule'] as const).flatMap((what) => {
    const names = [...broken[what]];
    if (names.length === 0) return [];
    const shown = `${names.slice(0, 10).join(', ')}${names.length > 10 ? ', ...' : ''}`;
    return [`${plural(names.length, what)} would no longer work: ${shown}. Change or delete the ${what}s first.`];
  });
  throw new HubError('resource.referenced', { detail: detail.join(' '), errors: errors.slice(0, 50) });
}
