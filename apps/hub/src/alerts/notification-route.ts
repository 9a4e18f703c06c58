/**
 * The system route of the hub's own messages: notifications are ordinary deliveries, and every delivery has a route. It has one step without a mapping; where a
 * notification goes stands in its delivery, and in the headers of its message so that a replay finds it again.
 */
import type { NewDelivery, RunPlanner } from '@nave/core';
import { type CompiledRoute, deliveryId, type Registry } from '@nave/pipeline';

/** Source of messages that the hub itself makes; no spoke can have this name. */
export const HUB_SOURCE = 'nave';
/** Names of routes that begin so are the hub's own. */
export const SYSTEM_ROUTE_PREFIX = 'nave.';
const NAME = `${SYSTEM_ROUTE_PREFIX}alerts`;
const VERSION = 1;
const STEP = 'notify';

const NOTIFICATION_ROUTE: CompiledRoute = {
  definition: {
    ...{ name: NAME, version: VERSION, enabled: true, when: null, orderingKey: null, mode: 'async', timeoutMs: null },
    from: { spoke: HUB_SOURCE, type: 'alert.*' },
    steps: [{ name: STEP, to: HUB_SOURCE, operation: null, input: null, atMostOnce: false }],
  },
  when: null,
  orderingKey: null,
  steps: [{ definition: { name: STEP, to: HUB_SOURCE, operation: null, input: null, atMostOnce: false }, operation: '', input: null }],
};

const CHANNEL_HEADER = 'nave-channel';
const OPERATION_HEADER = 'nave-operation';

/** A route that is the hub's own; null for all others. */
export function systemRoute(name: string, version: number | null = null): CompiledRoute | null {
  return name === NAME && (version === null || version === VERSION) ? NOTIFICATION_ROUTE : null;
}

/** What a notification's message keeps of where it goes. */
export function channelHeaders(to: string, operation: string): Record<string, string> {
  return { 'content-type': 'application/json', [CHANNEL_HEADER]: to, [OPERATION_HEADER]: operation };
}

/**
 * The one delivery of a notification.
 * @param dated the id whose time the delivery takes: the message's, or the replay's
 * @param run empty, or the replay's id
 */
export function notificationDelivery(messageId: string, to: string, operation: string, dated: string, run: string): NewDelivery {
  return {
    id: deliveryId(dated, messageId, NAME, VERSION, 0, run),
    ...{ route: NAME, routeVersion: VERSION, step: 0, stepName: STEP, spoke: to, operation, state: 'pending', reason: null, laneKey: null },
  };
}

/** Plans the hub's own messages by what they keep, and all others as before. */
export function withNotifications(planner: RunPlanner, registry: Pick<Registry, 'spoke'>): RunPlanner {
  return {
    async planRuns(message, options) {
      const { [CHANNEL_HEADER]: to, [OPERATION_HEADER]: operation } = message.content.headers;
      if (message.spoke !== HUB_SOURCE || to === undefined || operation === undefined) return planner.planRuns(message, options);
      if (options.route !== null && options.route !== NAME) return [];
      const delivery = notificationDelivery(message.id, to, operation, options.dated, options.run);
      const gone = registry.spoke(to)?.operation(operation) == null;
      return [gone ? { ...delivery, state: 'dead', reason: 'channel.gone' } : delivery];
    },
  };
}
