/** Applies a whole declarative state (`PUT /config`, `NAVE_CONFIG`): everything or nothing. */

import { joinPointer } from '@nave/adapter-kit';
import type { AlertRuleInput, Configuration, ConfigurationChange, ConfigurationInput, RouteInput, SpokeInput } from '@nave/api-schema';
import type { ConfigTransaction } from '@nave/store';
import type { AdminDeps } from '../http/admin/admin-deps.ts';
import { alertSpecOf } from '../http/admin/alerts/present-alert.ts';
import { presentRoute } from '../http/admin/routes/present-route.ts';
import { applyEdits } from './apply-edits.ts';
import type { EditDeps } from './edits.ts';
import { declaredSpoke } from './spoke-draft.ts';

export interface ApplyOptions {
  /** Label of the actor, for the audit. */
  actor: string;
  /** Delete what is not in the input. */
  prune: boolean;
  /** With `prune`: cancel open deliveries of what is deleted. */
  force: boolean;
  dryRun: boolean;
}

/** @throws HubError `request.invalid` with all problems, their pointers into the input; `resource.referenced` */
export async function applyConfiguration(
  deps: EditDeps,
  tx: ConfigTransaction,
  input: ConfigurationInput,
  { actor, prune, force, dryRun }: ApplyOptions,
): Promise<ConfigurationChange[]> {
  const edits = {
    spokes: new Map<string, SpokeInput | null>(Object.entries(input.spokes ?? {})),
    routes: new Map<string, RouteInput | null>(Object.entries(input.routes ?? {})),
    alerts: new Map<string, AlertRuleInput | null>(Object.entries(input.alerts ?? {})),
  };
  if (prune) {
    for (const { name } of await tx.spokes()) if (!edits.spokes.has(name)) edits.spokes.set(name, null);
    for (const { name } of await tx.routes()) if (!edits.routes.has(name)) edits.routes.set(name, null);
    // A file from before there were alerts, or one that leaves them alone, does not mean that nobody is to be alerted.
    if (input.alerts !== undefined) for (const { name } of await tx.alertRules()) if (!edits.alerts.has(name)) edits.alerts.set(name, null);
  }
  const pointer = (resource: ConfigurationChange['resource'], name: string): string => joinPointer(`/${resource}s`, name);
  const changes = await applyEdits(deps, tx, edits, { actor, force, dryRun, pointer });
  const count = (action: ConfigurationChange['action']): number => changes.filter((change) => change.action === action).length;
  const detail = { created: count('create'), updated: count('update'), deleted: count('delete') };
  if (!dryRun && detail.created + detail.updated + detail.deleted > 0)
    await tx.audit({ atMs: deps.clock.now(), actor, action: 'config.apply', subject: 'config:all', detail });
  return changes;
}

/** The state as it is, without secrets. */
export async function currentConfiguration(
  { kinds }: Pick<AdminDeps, 'kinds'>,
  tx: Pick<ConfigTransaction, 'spokes' | 'routes' | 'alertRules'>,
): Promise<Configuration> {
  const [spokes, routes, alerts] = [await tx.spokes(), await tx.routes(), await tx.alertRules()];
  return {
    spokes: Object.fromEntries(spokes.map((spoke) => [spoke.name, declaredSpoke(spoke, kinds.get(spoke.kind))])),
    routes: Object.fromEntries(
      routes.map((route) => {
        const { name, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...spec } = presentRoute(route);
        return [name, spec];
      }),
    ),
    alerts: Object.fromEntries(alerts.map(({ name, spec }) => [name, alertSpecOf(spec)])),
  };
}
