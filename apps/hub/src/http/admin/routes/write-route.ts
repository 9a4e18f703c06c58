/** The three ways a route is written (POST, PUT, PATCH): each ends as one edit of the configuration. */
import { type Route, type RouteCreate, RouteInput } from '@nave/api-schema';
import { HubError } from '@nave/core';
import type { StoredRoute } from '@nave/store';
import type { FastifyRequest } from 'fastify';
import { applyEdits } from '../../../declaration/apply-edits.ts';
import { assertPrecondition } from '../../entity-tag.ts';
import { dropNulls, mergePatch } from '../../merge-patch.ts';
import { bodyChecker } from '../../validation.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { changeConfiguration } from '../change-configuration.ts';
import type { Written } from '../spokes/write-spoke.ts';
import { presentRoute } from './present-route.ts';

/** @throws HubError `resource.exists` */
export function createRoute(deps: AdminDeps, request: FastifyRequest, body: RouteCreate): Promise<Written<Route>> {
  return write(deps, request, body.name, (stored) => {
    if (stored) throw new HubError('resource.exists', { detail: `There is a route ${body.name}. PUT replaces it.` });
    return body;
  });
}

/** @throws HubError `resource.stale` when a condition of the request does not hold */
export function replaceRoute(deps: AdminDeps, request: FastifyRequest, name: string, body: RouteInput): Promise<Written<Route>> {
  return write(deps, request, name, (stored) => {
    assertPrecondition(request, stored);
    return body;
  });
}

const checkInput = bodyChecker(RouteInput);

export function patchRoute(deps: AdminDeps, request: FastifyRequest, name: string, patch: unknown): Promise<Written<Route>> {
  return write(deps, request, name, (stored) => {
    if (!stored) throw new HubError('resource.not-found', { detail: `There is no route ${name}.` });
    assertPrecondition(request, stored);
    const { document, nulls } = mergePatch(presentRoute(stored), patch);
    return checkInput(dropNulls(document, nulls));
  });
}

function write(
  deps: AdminDeps,
  request: FastifyRequest,
  name: string,
  decide: (stored: StoredRoute | null) => RouteInput,
): Promise<Written<Route>> {
  return changeConfiguration(deps, async (tx) => {
    const stored = await tx.route(name);
    const edits = { spokes: new Map(), routes: new Map([[name, decide(stored)]]) };
    await applyEdits(deps, tx, edits, { actor: request.actor.label, force: false, dryRun: false, pointer: () => '' });
    const after = await tx.route(name);
    if (!after) throw new HubError('hub.internal', { detail: 'a route that was written is not there' });
    return { created: stored === null, item: presentRoute(after) };
  });
}
