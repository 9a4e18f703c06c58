/** Replays as the API shows them, and the checks of what a caller asks for. */
import type { ReplayFilter as FilterInput, Replay } from '@nave/api-schema';
import { type FieldProblem, HubError, MESSAGE_STATES, typePatternProblem } from '@nave/core';
import type { ReplayFilter, ReplayMode, ReplayRow } from '@nave/store';

export function replayView({
  id,
  mode,
  state,
  total,
  done,
  failed,
  filter,
  ratePerSecond,
  routeVersion,
  createdBy,
  createdAt,
  finishedAt,
}: ReplayRow): Replay {
  return {
    ...{ id, mode, state, total, done, failed, filter: filterView(mode, filter), rate: ratePerSecond, routeVersion, createdBy },
    ...{ createdAt: createdAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null },
  };
}

function filterView(mode: ReplayMode, { spokes, types, states, routes, ids, issue, fromMs, toMs }: ReplayFilter): FilterInput {
  const [route] = routes;
  return {
    ...(spokes.length === 0 ? {} : { spoke: [...spokes] }),
    ...(types.length === 0 ? {} : { type: [...types] }),
    ...(mode !== 'replay' ? { state: ['dead'] } : states.length === 0 ? {} : { state: [...states] }),
    ...(route === undefined ? {} : { route }),
    ...(ids === null ? {} : { ids: [...ids] }),
    ...(issue === null ? {} : { issue }),
    ...(fromMs === null ? {} : { from: new Date(fromMs).toISOString() }),
    ...(toMs === null ? {} : { to: new Date(toMs).toISOString() }),
  };
}

/** @throws HubError `request.invalid` with everything that is wrong */
export function filterOf(mode: ReplayMode, input: FilterInput): ReplayFilter {
  const types = several(input.type);
  const states = several(input.state);
  const errors: FieldProblem[] = [];
  const known: readonly string[] = mode === 'replay' ? MESSAGE_STATES : ['dead'];
  for (const state of states) if (!known.includes(state)) errors.push({ path: '/filter/state', message: `expected ${known.join(', ')}` });
  if (mode !== 'replay' && types.length > 0) errors.push({ path: '/filter/type', message: 'deliveries have no type' });
  if (mode === 'replay' && input.issue !== undefined) {
    errors.push({ path: '/filter/issue', message: 'an issue is about deliveries: expected mode retry, skip or cancel' });
  }
  for (const pattern of types) {
    const message = typePatternProblem(pattern);
    if (message !== null) errors.push({ path: '/filter/type', message });
  }
  if (errors.length > 0) throw new HubError('request.invalid', { detail: 'The filter is not valid.', errors });
  return {
    spokes: several(input.spoke),
    types,
    states: MESSAGE_STATES.filter((state) => states.includes(state)),
    routes: input.route === undefined ? [] : [input.route],
    ids: input.ids ?? null,
    issue: input.issue ?? null,
    fromMs: input.from === undefined ? null : Date.parse(input.from),
    toMs: input.to === undefined ? null : Date.parse(input.to),
  };
}

/**
 * @param state what the deliveries of the issue are; null when there are none any more
 * @throws HubError `request.invalid`: a bulk change of what no longer is there, or of what each needs a decision of its own
 */
export function assertIssueIsDead(state: 'dead' | 'unknown' | null): void {
  if (state === 'dead') return;
  const [detail, message] =
    state === null
      ? ['No delivery is in this issue any more.', 'no delivery is in this issue any more']
      : [
          'Nobody knows what became of the deliveries of this issue, so each needs a decision of its own: POST /deliveries/{id}/resolve.',
          'its deliveries are unknown; they are resolved one by one',
        ];
  throw new HubError('request.invalid', { detail, errors: [{ path: '/filter/issue', message }] });
}

/** @throws HubError `request.invalid`: versions of different routes have nothing to do with each other */
export function assertVersionHasRoute(routeVersion: number | null, route: string | null, path: string): void {
  if (routeVersion === null || route !== null) return;
  throw new HubError('request.invalid', { detail: 'A route version needs its route.', errors: [{ path, message: 'needs a route' }] });
}

function several(value: string | readonly string[] | undefined): string[] {
  return value === undefined ? [] : [...new Set([value].flat())];
}
