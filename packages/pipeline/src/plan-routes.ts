/** Routing: which routes take a message, and the first delivery of each. Happens before the commit and never fails the accept. */
import { createHash } from 'node:crypto';
import { deriveUuid, type ExpressionRoot, type ExpressionScope, isHubError, type NewDelivery } from '@nave/core';
import { expressionScope } from './expression-root.ts';
import type { CompiledRoute } from './registry.ts';
import { isStorable, storableLine } from './storable.ts';

export interface PlannedRoutes {
  deliveries: NewDelivery[];
  /** True when no route's spoke and type matched. */
  unrouted: boolean;
}

/**
 * @param root what predicates see
 * @param orderingKey the message's own lane key, used where a route names none
 * @param run tells apart runs of the same message: empty for the first, the replay's id later
 * @param dated the id whose timestamp the deliveries take: the message's, or the replay's
 * @param bindings what expressions see beside their root
 */
export async function planRoutes(
  routes: readonly CompiledRoute[],
  root: ExpressionRoot,
  orderingKey: string | null,
  nowMs: number,
  run = '',
  dated: string = root.id,
  bindings: Bindings = {},
): Promise<PlannedRoutes> {
  const deliveries: NewDelivery[] = [];
  for (const route of routes) deliveries.push(await planRoute(route, root, orderingKey, nowMs, run, dated, bindings));
  return { deliveries, unrouted: routes.length === 0 };
}

type Bindings = Pick<ExpressionScope, 'bindings'>;

async function planRoute(
  route: CompiledRoute,
  root: ExpressionRoot,
  orderingKey: string | null,
  nowMs: number,
  run: string,
  dated: string,
  bindings: Bindings,
): Promise<NewDelivery> {
  const { definition } = route;
  const step = route.steps[0];
  const planned: NewDelivery = {
    id: deliveryId(dated, root.id, definition.name, definition.version, 0, run),
    route: definition.name,
    routeVersion: definition.version,
    step: 0,
    stepName: step?.definition.name ?? '',
    spoke: step?.definition.to ?? '',
    operation: step?.operation ?? '',
    state: 'pending',
    reason: null,
    laneKey: orderingKey,
  };
  if (step === undefined) return { ...planned, state: 'dead', reason: 'route.empty' };
  const scope = expressionScope(planned.id, nowMs, bindings);
  let where = 'when';
  try {
    if (route.when !== null && !truthy(await route.when.evaluate(root, scope))) return { ...planned, state: 'skipped', reason: 'filtered' };
    where = 'orderingKey';
    const key = route.orderingKey === null ? orderingKey : laneKeyOf(await route.orderingKey.evaluate(root, scope));
    return { ...planned, laneKey: key };
  } catch (error) {
    return { ...planned, state: 'dead', reason: reasonOf(where, error) };
  }
}

/** The id of a delivery: the same work always gets the same id, so that it can be made twice. */
export function deliveryId(dated: string, messageId: string, route: string, routeVersion: number, step: number, run: string): string {
  return deriveUuid(dated, 'delivery', messageId, route, routeVersion, step, run);
}

const LANE_KEY_MAX = 255;

/** A lane key from an expression: text and numbers count, anything else is no key. Text that cannot be stored as it is keeps its lane under its hash. */
export function laneKeyOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string' || value.length === 0) return null;
  // UTF-16, so that different lone surrogates stay different.
  return isStorable(value, LANE_KEY_MAX) ? value : `sha256:${createHash('sha256').update(value, 'utf16le').digest('base64url')}`;
}

/** `reason` of a delivery that an expression killed: which one, and why. */
export function reasonOf(where: string, error: unknown): string {
  const why = isHubError(error) ? `${error.code}: ${error.detail}` : 'hub.internal';
  return storableLine(`${where} ${why}`);
}

/** JSONata's own idea of truth, `$boolean`: empty arrays, objects and strings, 0 and nothing are false. */
function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(truthy);
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
