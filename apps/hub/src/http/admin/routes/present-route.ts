/** Stored routes as reads answer them. */
import { type Route, RouteSpec, type RouteVersion } from '@nave/api-schema';
import { HubError } from '@nave/core';
import type { StoredRoute, StoredRouteVersion } from '@nave/store';
import { Check } from 'typebox/value';

export function presentRoute(route: StoredRoute): Route {
  const { name, version, createdAt, updatedAt } = route;
  return { name, ...specOf(route.spec), version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

export function presentVersion({ version, spec, createdAt, createdBy }: StoredRouteVersion): RouteVersion {
  return { version, ...specOf(spec), createdAt: createdAt.toISOString(), createdBy };
}

/** @throws HubError `hub.internal` for a form that this version does not know */
export function specOf(spec: unknown): RouteSpec {
  if (Check(RouteSpec, spec)) return spec;
  throw new HubError('hub.internal', { detail: 'a stored route has an unknown form' });
}
