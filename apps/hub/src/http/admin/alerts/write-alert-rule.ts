/** The three ways an alert rule is written (POST, PUT, PATCH): each ends as one edit of the configuration. */
import { type AlertRule, type AlertRuleCreate, AlertRuleInput } from '@nave/api-schema';
import { HubError } from '@nave/core';
import type { StoredAlertRule } from '@nave/store';
import type { FastifyRequest } from 'fastify';
import { applyEdits } from '../../../declaration/apply-edits.ts';
import { assertPrecondition } from '../../entity-tag.ts';
import { dropNulls, mergePatch } from '../../merge-patch.ts';
import { bodyChecker } from '../../validation.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { changeConfiguration } from '../change-configuration.ts';
import type { Written } from '../spokes/write-spoke.ts';
import { presentRule } from './present-alert.ts';

/** @throws HubError `resource.exists` */
export function createRule(deps: AdminDeps, request: FastifyRequest, body: AlertRuleCreate): Promise<Written<AlertRule>> {
  return write(deps, request, body.name, (stored) => {
    if (stored) throw new HubError('resource.exists', { detail: `There is an alert rule ${body.name}. PUT replaces it.` });
    return body;
  });
}

/** @throws HubError `resource.stale` when a condition of the request does not hold */
export function replaceRule(deps: AdminDeps, request: FastifyRequest, name: string, body: AlertRuleInput): Promise<Written<AlertRule>> {
  return write(deps, request, name, (stored) => {
    assertPrecondition(request, stored);
    return body;
  });
}

const checkInput = bodyChecker(AlertRuleInput);

export function patchRule(deps: AdminDeps, request: FastifyRequest, name: string, patch: unknown): Promise<Written<AlertRule>> {
  return write(deps, request, name, (stored) => {
    if (!stored) throw new HubError('resource.not-found', { detail: `There is no alert rule ${name}.` });
    assertPrecondition(request, stored);
    const before = presentRule(stored);
    const { document, nulls } = mergePatch(before, forPatch(patch, before));
    const patched = dropNulls(document, nulls);
    // A merge patch can only remove what it sets to null, but here null is a value: never.
    const never = isFields(patch) && patch['repeat'] === null && isFields(patched);
    return checkInput(never ? { ...patched, repeat: null } : patched);
  });
}

/** Another condition has other parameters: the old ones go, as if they had been named. */
function forPatch(patch: unknown, before: AlertRule): unknown {
  const when = isFields(patch) ? patch['when'] : undefined;
  if (!isFields(patch) || !isFields(when) || typeof when['condition'] !== 'string' || when['condition'] === before.when.condition)
    return patch;
  const old = Object.fromEntries(Object.keys(before.when).map((name) => [name, null]));
  return { ...patch, when: { ...old, ...when } };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function write(
  deps: AdminDeps,
  request: FastifyRequest,
  name: string,
  decide: (stored: StoredAlertRule | null) => AlertRuleInput,
): Promise<Written<AlertRule>> {
  return changeConfiguration(deps, async (tx) => {
    const stored = await tx.alertRule(name);
    const edits = { spokes: new Map(), routes: new Map(), alerts: new Map([[name, decide(stored)]]) };
    await applyEdits(deps, tx, edits, { actor: request.actor.label, force: false, dryRun: false, pointer: () => '' });
    const after = await tx.alertRule(name);
    if (!after) throw new HubError('hub.internal', { detail: 'an alert rule that was written is not there' });
    return { created: stored === null, item: presentRule(after) };
  });
}
