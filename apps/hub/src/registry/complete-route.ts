/** From a stored route version to the definition the pipeline works with. */
import { RouteSpec } from '@nave/api-schema';
import { parseDuration, type RouteDefinition } from '@nave/core';
import type { RouteRepository } from '@nave/store';
import { Check } from 'typebox/value';
import { completeCall } from '../reply/complete-call.ts';

/** Every current route. What has a form that this version does not know is left out. */
export async function loadRoutes(repo: Pick<RouteRepository, 'loadCurrent'>): Promise<RouteDefinition[]> {
  const routes = await repo.loadCurrent();
  return routes.flatMap((route) => completeRoute(route.name, route) ?? []);
}

/** A version that deliveries were made for; null when it never was. */
export async function loadRouteVersion(
  repo: Pick<RouteRepository, 'loadVersion'>,
  name: string,
  version: number,
): Promise<RouteDefinition | null> {
  const stored = await repo.loadVersion(name, version);
  return stored && completeRoute(name, stored);
}

/** @returns null for a spec of a form that this version does not know */
export function completeRoute(name: string, { version, spec }: { version: number; spec: unknown }): RouteDefinition | null {
  if (!Check(RouteSpec, spec)) return null;
  const { from, when, orderingKey, mode, timeout, enabled } = spec;
  const steps = spec.steps.map((step) => ({ ...step, atMostOnce: step.atMostOnce ?? false }));
  const timeoutMs = timeout === null ? null : parseDuration(timeout);
  const call = mode === 'reply' ? { call: completeCall(spec) } : {};
  return { name, version, from, when, orderingKey, steps, mode, timeoutMs, enabled, ...call };
}
