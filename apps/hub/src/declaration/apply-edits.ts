/** The one way spokes, routes and alert rules change: a set of edits, checked as a whole against what the configuration would then be, written in one transaction. */
import { AlertRuleSpec, type ConfigurationChange, RouteSpec } from '@nave/api-schema';
import { HubError } from '@nave/core';
import {
  type ConfigTransaction,
  openSpokeSecrets,
  type StoredAlertRule,
  type StoredRoute,
  type StoredSpoke,
  sealSpokeSecrets,
} from '@nave/store';
import { Check } from 'typebox/value';
import { clearSpec } from '../registry/complete-spoke.ts';
import { alertSpec } from './alert-spec.ts';
import { changesOf, type ValueChange } from './changes-of.ts';
import { assertUnused, assertValid } from './check-edits.ts';
import type { EditDeps, EditOptions, Edits } from './edits.ts';
import { plural } from './plural.ts';
import type { FindSpoke, SpokeFacts } from './route-problems.ts';
import { routeSpec } from './route-spec.ts';
import { draftSpoke, type SpokeDraft, splitDraft } from './spoke-draft.ts';

const SECRET_CHANGED = '(secret changed)';
const AUDITED_PATHS_MAX = 50;

/**
 * @returns one entry per edit, in the order spokes, routes, alert rules
 * @throws HubError `request.invalid` with all problems; `resource.referenced` while what is removed, or what routes use of it, is still in use
 */
export async function applyEdits(
  deps: EditDeps,
  tx: ConfigTransaction,
  edits: Edits,
  options: EditOptions,
): Promise<ConfigurationChange[]> {
  const stored = { spokes: byName(await tx.spokes()), routes: byName(await tx.routes()), alerts: byName(await tx.alertRules()) };
  const drafts = await draftAll(deps, stored.spokes, edits, options.nulls ?? []);
  const specs = specsAfter(stored.routes, edits);
  const alerts = alertsAfter(stored.alerts, edits);
  const findSpoke = await spokesAfter(deps, stored.spokes, edits, drafts);
  assertValid(deps, edits, options, drafts, { routes: specs, alerts }, findSpoke);
  assertUnused(edits, stored.spokes, { routes: specs, alerts }, findSpoke);
  const changes: ConfigurationChange[] = [];
  const edit: Edit = { deps, tx, options };
  // Routes go before the spokes they name, spokes come before the routes that name them.
  for (const [name, input] of edits.routes) if (input === null && stored.routes.has(name)) await removeRoute(edit, name);
  for (const [name, input] of edits.spokes) {
    const before = stored.spokes.get(name) ?? null;
    const draft = drafts.get(name);
    if (input !== null && draft) changes.push(await writeSpoke(edit, draft, before));
    else if (before) changes.push(await removeSpoke(edit, name));
  }
  for (const [name, input] of edits.routes) {
    const before = stored.routes.get(name) ?? null;
    const spec = specs.get(name);
    if (input !== null && spec) changes.push(await writeRoute(edit, name, spec, before));
    else if (before) changes.push({ action: 'delete', resource: 'route', name, changes: [] });
  }
  for (const [name, input] of edits.alerts ?? []) {
    const before = stored.alerts.get(name) ?? null;
    const spec = alerts.get(name);
    if (input !== null && spec) changes.push(await writeAlertRule(edit, name, spec, before));
    else if (before) changes.push(await removeAlertRule(edit, name));
  }
  return changes;
}

interface Edit {
  deps: EditDeps;
  tx: ConfigTransaction;
  options: EditOptions;
}

async function draftAll(
  deps: EditDeps,
  stored: ReadonlyMap<string, StoredSpoke>,
  edits: Edits,
  nulls: readonly string[],
): Promise<Map<string, SpokeDraft>> {
  const drafts = new Map<string, SpokeDraft>();
  for (const [name, input] of edits.spokes) {
    if (input === null) continue;
    const spoke = stored.get(name);
    const before = spoke ? { spoke, secrets: await openSpokeSecrets(deps.sealer, spoke) } : null;
    drafts.set(name, draftSpoke(name, input, deps.kinds.get(input.kind), before, nulls));
  }
  return drafts;
}

function specsAfter(stored: ReadonlyMap<string, StoredRoute>, edits: Edits): Map<string, RouteSpec> {
  const specs = new Map<string, RouteSpec>();
  for (const [name, { spec }] of stored) if (Check(RouteSpec, spec)) specs.set(name, spec);
  for (const [name, input] of edits.routes) {
    if (input === null) specs.delete(name);
    else specs.set(name, routeSpec(input));
  }
  return specs;
}

function alertsAfter(stored: ReadonlyMap<string, StoredAlertRule>, edits: Edits): Map<string, AlertRuleSpec> {
  const specs = new Map<string, AlertRuleSpec>();
  for (const [name, { spec }] of stored) if (Check(AlertRuleSpec, spec)) specs.set(name, spec);
  for (const [name, input] of edits.alerts ?? []) {
    if (input === null) specs.delete(name);
    else specs.set(name, alertSpec(input));
  }
  return specs;
}

async function spokesAfter(
  deps: EditDeps,
  stored: ReadonlyMap<string, StoredSpoke>,
  edits: Edits,
  drafts: ReadonlyMap<string, SpokeDraft>,
): Promise<FindSpoke> {
  const facts = new Map<string, SpokeFacts>();
  const add = (name: string, kindName: string, config: unknown): void => {
    const kind = deps.kinds.get(kindName);
    facts.set(name, { kind: kindName, delivers: kind?.delivers ?? false, operations: kind?.operationsOf(config) ?? [] });
  };
  for (const [name, spoke] of stored) {
    if (edits.spokes.has(name)) continue;
    // Only a config that holds secrets itself needs them to be read.
    const holdsSecrets = spoke.secretPaths.some((path) => path.startsWith('/config/'));
    const config = holdsSecrets ? clearSpec(spoke.spec, await openSpokeSecrets(deps.sealer, spoke)).config : spoke.spec.config;
    add(name, spoke.kind, config);
  }
  for (const [name, { kind, spec }] of drafts) add(name, kind, spec.config);
  return (name) => facts.get(name) ?? null;
}

async function writeSpoke({ deps, tx, options }: Edit, draft: SpokeDraft, before: StoredSpoke | null): Promise<ConfigurationChange> {
  const { name, kind: kindName, title, enabled } = draft;
  const kind = deps.kinds.get(kindName);
  if (!kind) throw new HubError('hub.internal', { detail: 'a draft of an unknown kind passed its checks' });
  const { spec, secrets } = splitDraft(draft, kind);
  const changes = before
    ? spokeChanges(before, await openSpokeSecrets(deps.sealer, before), { kind: kindName, title, enabled, ...spec }, secrets)
    : [];
  const action = before ? (changes.length > 0 ? 'update' : 'same') : 'create';
  if (action !== 'same' && !options.dryRun) {
    const sealed = await sealSpokeSecrets(deps.sealer, name, secrets, deps.clock.now());
    const { version } = await tx.putSpoke({ name, kind: kindName, title, enabled, spec, secretPaths: Object.keys(secrets), sealed });
    const detail: AuditDetail = action === 'create' ? { kind: kindName, version } : { version, changed: pathsOf(changes) };
    await audit({ deps, tx, options }, `spoke.${action}`, `spoke:${name}`, detail);
  }
  return { action, resource: 'spoke', name, changes };
}

/** Compared without secrets; the secrets apart, by whether they differ. */
function spokeChanges(
  before: StoredSpoke,
  secretsBefore: Readonly<Record<string, string>>,
  after: object,
  secretsAfter: Readonly<Record<string, string>>,
): ValueChange[] {
  const { kind, title, enabled, spec } = before;
  const open = changesOf({ kind, title, enabled, ...spec }, after);
  const paths = [...new Set([...Object.keys(secretsBefore), ...Object.keys(secretsAfter)])].sort();
  const changed = paths.filter((path) => secretsBefore[path] !== secretsAfter[path]);
  const shown = (secret: string | undefined): string | null => (secret === undefined ? null : SECRET_CHANGED);
  return [...open, ...changed.map((path) => ({ path, from: shown(secretsBefore[path]), to: shown(secretsAfter[path]) }))];
}

async function writeRoute(
  { deps, tx, options }: Edit,
  name: string,
  spec: RouteSpec,
  before: StoredRoute | null,
): Promise<ConfigurationChange> {
  const changes = before ? changesOf(before.spec, spec) : [];
  const action = before ? (changes.length > 0 ? 'update' : 'same') : 'create';
  if (action !== 'same' && !options.dryRun) {
    const { version } = await tx.putRoute({ name, spec, by: options.actor });
    const detail: AuditDetail = action === 'create' ? { version } : { version, changed: pathsOf(changes) };
    await audit({ deps, tx, options }, `route.${action}`, `route:${name}`, detail);
  }
  return { action, resource: 'route', name, changes };
}

async function writeAlertRule(
  { deps, tx, options }: Edit,
  name: string,
  spec: AlertRuleSpec,
  before: StoredAlertRule | null,
): Promise<ConfigurationChange> {
  const changes = before ? changesOf(before.spec, spec) : [];
  const action = before ? (changes.length > 0 ? 'update' : 'same') : 'create';
  if (action !== 'same' && !options.dryRun) {
    const { version } = await tx.putAlertRule({ name, spec });
    const detail: AuditDetail = action === 'create' ? { version } : { version, changed: pathsOf(changes) };
    await audit({ deps, tx, options }, `alert.${action}`, `alert:${name}`, detail);
  }
  return { action, resource: 'alert', name, changes };
}

async function removeAlertRule(edit: Edit, name: string): Promise<ConfigurationChange> {
  if (!edit.options.dryRun) {
    await edit.tx.removeAlertRule(name);
    await audit(edit, 'alert.delete', `alert:${name}`, {});
  }
  return { action: 'delete', resource: 'alert', name, changes: [] };
}

async function removeSpoke(edit: Edit, name: string): Promise<ConfigurationChange> {
  if (!edit.options.dryRun) {
    const cancelled = await closeDeliveries(edit, { spoke: name }, `spoke ${name}`, 'spoke.deleted');
    await edit.tx.removeSpoke(name);
    await audit(edit, 'spoke.delete', `spoke:${name}`, { cancelled });
  }
  return { action: 'delete', resource: 'spoke', name, changes: [] };
}

async function removeRoute(edit: Edit, name: string): Promise<void> {
  if (edit.options.dryRun) return;
  const cancelled = await closeDeliveries(edit, { route: name }, `route ${name}`, 'route.deleted');
  await edit.tx.removeRoute(name);
  await audit(edit, 'route.delete', `route:${name}`, { cancelled });
}

async function closeDeliveries(
  { tx, options }: Edit,
  scope: { spoke: string } | { route: string },
  what: string,
  reason: string,
): Promise<number> {
  if (options.force) return tx.cancelOpen(scope, reason);
  const open = await tx.countOpen(scope);
  if (open === 0) return 0;
  const detail = `${plural(open, 'open delivery', 'open deliveries')} of ${what}. Wait for them, or delete with ?force=true to cancel them.`;
  throw new HubError('resource.referenced', { detail, errors: [{ path: '/deliveries', message: `${open} open` }] });
}

type AuditDetail = Record<string, string | number | string[]>;

async function audit({ deps, tx, options }: Edit, action: string, subject: string, detail: AuditDetail): Promise<void> {
  await tx.audit({ atMs: deps.clock.now(), actor: options.actor, action, subject, detail });
}

function pathsOf(changes: readonly ValueChange[]): string[] {
  return changes.slice(0, AUDITED_PATHS_MAX).map(({ path }) => path);
}

function byName<T extends { name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
