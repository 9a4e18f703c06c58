/** What follows a delivery of a run: the next step of its route's version, with the id that recording it would have given. */
import type { FollowingStep, RunPlace } from '@nave/core';
import { deliveryId } from './plan-routes.ts';
import type { CompiledRoute, Registry } from './registry.ts';

/** Null after the last step. */
export function followingStep(place: RunPlace, route: CompiledRoute | null): FollowingStep | null {
  const following = route?.steps[place.step + 1];
  if (following === undefined) return null;
  const step = place.step + 1;
  return {
    id: deliveryId(place.deliveryId, place.messageId, place.route, place.routeVersion, step, place.replayId ?? ''),
    step,
    stepName: following.definition.name,
    spoke: following.definition.to,
    operation: following.operation,
  };
}

/** For a person who says that a delivery was done: looks its route's version up. */
export function createStepPlanner(registry: Pick<Registry, 'routeVersion'>): (place: RunPlace) => Promise<FollowingStep | null> {
  return async (place) => followingStep(place, await registry.routeVersion(place.route, place.routeVersion));
}
