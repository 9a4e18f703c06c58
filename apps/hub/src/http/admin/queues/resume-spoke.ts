/** Resuming a spoke: a preview of what would be let go, or the resume itself. The same for `/queues` and `/spokes`. */
import { PolicyInput, type ResumeInput, type ResumePreview } from '@nave/api-schema';
import { DRAIN_RATE_DEFAULT, estimateSeconds, rampOf } from '@nave/core';
import { keptBack, type StoredSpoke } from '@nave/store';
import type { FastifyRequest } from 'fastify';
import { Check } from 'typebox/value';
import { completePolicy } from '../../../registry/complete-policy.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';
import { reloadRegistry } from '../change-configuration.ts';

export type Resumed = { preview: ResumePreview } | { spoke: StoredSpoke };

/** Null when there is no such spoke. With `dryRun` nothing changes. */
export async function resumeSpoke(
  deps: AdminDeps,
  request: FastifyRequest,
  name: string,
  input: ResumeInput | null,
): Promise<Resumed | null> {
  const { rate = null, dryRun = false } = input ?? {};
  if (dryRun) {
    const spoke = await deps.spokes.find(name);
    return spoke && { preview: await previewOf(deps, spoke, rate) };
  }
  const done = await deps.spokes.resume(name, rate, auditOf(request, deps, 'spoke.resume', `spoke:${name}`, rate === null ? {} : { rate }));
  if (done?.changed === true) await reloadRegistry(deps);
  return done && { spoke: done.spoke };
}

async function previewOf(deps: AdminDeps, spoke: StoredSpoke, rate: number | null): Promise<ResumePreview> {
  const { count, oldestMs, newestMs } = await keptBack(deps.db, spoke.name, spoke.paused || !spoke.enabled);
  const policy = Check(PolicyInput, spoke.spec.policy) ? spoke.spec.policy : {};
  const { concurrency } = completePolicy(policy, deps.kinds.get(spoke.kind)?.defaults ?? {});
  const estimatedSeconds = estimateSeconds(rampOf(concurrency, rate, DRAIN_RATE_DEFAULT), count);
  return { count, oldest: moment(oldestMs), newest: moment(newestMs), estimatedSeconds, exact: true };
}

function moment(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
