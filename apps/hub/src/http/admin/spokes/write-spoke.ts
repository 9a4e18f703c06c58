/** The three ways a spoke is written (POST, PUT, PATCH): each ends as one edit of the configuration. */
import { type Spoke, type SpokeCreate, SpokeInput } from '@nave/api-schema';
import { HubError } from '@nave/core';
import type { ConfigTransaction, StoredSpoke } from '@nave/store';
import type { FastifyRequest } from 'fastify';
import { applyEdits } from '../../../declaration/apply-edits.ts';
import { assertPrecondition } from '../../entity-tag.ts';
import { mergePatch } from '../../merge-patch.ts';
import { bodyChecker } from '../../validation.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { changeConfiguration } from '../change-configuration.ts';
import { presentSpoke } from './present-spoke.ts';

export interface Written<T> {
  created: boolean;
  item: T;
}

/** @throws HubError `resource.exists` */
export function createSpoke(deps: AdminDeps, request: FastifyRequest, body: SpokeCreate): Promise<Written<Spoke>> {
  return write(deps, request, body.name, async (stored) => {
    if (stored) throw new HubError('resource.exists', { detail: `There is a spoke ${body.name}. PUT replaces it.` });
    return { input: body };
  });
}

/** @throws HubError `resource.stale` when a condition of the request does not hold */
export function replaceSpoke(deps: AdminDeps, request: FastifyRequest, name: string, body: SpokeInput): Promise<Written<Spoke>> {
  return write(deps, request, name, async (stored) => {
    assertPrecondition(request, stored);
    return { input: body };
  });
}

const checkInput = bodyChecker(SpokeInput);

/** The patch is applied to what GET answers; secrets it does not name stay. */
export function patchSpoke(deps: AdminDeps, request: FastifyRequest, name: string, patch: unknown): Promise<Written<Spoke>> {
  return write(deps, request, name, async (stored) => {
    if (!stored) throw new HubError('resource.not-found', { detail: `There is no spoke ${name}.` });
    assertPrecondition(request, stored);
    const { document, nulls } = mergePatch(presentSpoke(stored, deps.kinds), patch);
    return { input: checkInput(withCredentials(document, patch)), nulls };
  });
}

/** In a PUT, credentials that are left out stay; `"credentials": null` in a patch is meant to remove them. */
function withCredentials(document: unknown, patch: unknown): unknown {
  const removed = typeof patch === 'object' && patch !== null && 'credentials' in patch && patch.credentials === null;
  return removed && typeof document === 'object' && document !== null ? { ...document, credentials: null } : document;
}

interface Wanted {
  input: SpokeInput;
  /** Nulls that stand for secrets to remove, by pointer. */
  nulls?: readonly string[];
}

function write(
  deps: AdminDeps,
  request: FastifyRequest,
  name: string,
  decide: (stored: StoredSpoke | null, tx: ConfigTransaction) => Promise<Wanted>,
): Promise<Written<Spoke>> {
  return changeConfiguration(deps, async (tx) => {
    const stored = await tx.spoke(name);
    const { input, nulls = [] } = await decide(stored, tx);
    const edits = { spokes: new Map([[name, input]]), routes: new Map() };
    const options = { actor: request.actor.label, force: false, dryRun: false, pointer: () => '', nulls };
    await applyEdits(deps, tx, edits, options);
    const after = await tx.spoke(name);
    if (!after) throw new HubError('hub.internal', { detail: 'a spoke that was written is not there' });
    return { created: stored === null, item: presentSpoke(after, deps.kinds) };
  });
}
