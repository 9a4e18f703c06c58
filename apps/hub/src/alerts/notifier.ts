/** Sends notifications: each is accepted as a message of the hub itself, stored with its delivery, and rung. */
import { createHash } from 'node:crypto';
import { type Bell, type Clock, encodeContent, type Ids, type MessageStore, type Sealer } from '@nave/core';
import type { Registry } from '@nave/pipeline';
import type { AlertState } from './alert-state.ts';
import { type NotificationBody, notificationBody } from './notification-body.ts';
import { channelHeaders, HUB_SOURCE, notificationDelivery } from './notification-route.ts';
import type { PlannedNotification } from './plan-notifications.ts';

export interface NotifierDeps {
  store: Pick<MessageStore, 'accept'>;
  registry: Pick<Registry, 'spoke'>;
  sealer: Sealer;
  bell: Bell;
  clock: Clock;
  ids: Ids;
  /** Without a trailing slash. */
  publicUrl: string;
}

export interface SentNotification {
  to: string;
  operation: string;
  messageId: string;
}

export interface Notifier {
  /**
   * Stores it once, however often it is called with what it tells. Null when the channel or its operation does not exist (any more).
   * @throws HubError `store.unavailable`: nothing is stored
   */
  send(notification: PlannedNotification): Promise<SentNotification | null>;
  /** A notification that says that it is a test. */
  test(to: string, operation: string | null, alert: AlertState): Promise<SentNotification | null>;
}

const REMEMBERED_MS = 7 * 86_400_000;

export function createNotifier(deps: NotifierDeps): Notifier {
  async function accept(to: string, asked: string | null, body: NotificationBody, key: string | null): Promise<SentNotification | null> {
    const operation = deps.registry.spoke(to)?.operation(asked)?.name;
    if (operation === undefined) return null;
    const nowMs = deps.clock.now();
    const id = deps.ids.next(nowMs);
    const bytes = Buffer.from(JSON.stringify(body), 'utf8');
    const seal = await deps.sealer.keyFor(`spoke:${HUB_SOURCE}`, nowMs);
    const content = encodeContent({ headers: channelHeaders(to, operation), query: {}, method: 'POST', body: bytes });
    const delivery = notificationDelivery(id, to, operation, id, '');
    const [result] = await deps.store.accept(
      [
        {
          ...{
            id,
            spoke: HUB_SOURCE,
            type: `alert.${body.state}`,
            receivedAtMs: nowMs,
            contentType: 'application/json',
            size: bytes.length,
          },
          content: seal.seal(content, `message:${id}`),
          idempotencyKey: key,
          idempotencyKeys: key === null ? [] : [key],
          digest: createHash('sha256').update(bytes).digest(),
          idempotencyExpiresAtMs: nowMs + REMEMBERED_MS,
          ...{ correlationId: null, causationId: null, orderingKey: null, traceparent: null, unrouted: false, businessKeys: [] },
          deliveries: [delivery],
        },
      ],
      nowMs,
    );
    const earlier = result?.duplicateOf ?? null;
    if (earlier === null) deps.bell.ring([{ spoke: to, deliveryId: delivery.id }]);
    return { to, operation, messageId: earlier ?? id };
  }

  return {
    async send({ to, operation, state, severity, alerts, tells }) {
      const [first, ...rest] = alerts;
      if (first === undefined) return null;
      const body = notificationBody([first, ...rest], { state, severity, publicUrl: deps.publicUrl });
      return accept(to, operation, body, keyOf(state, tells));
    },
    test: (to, operation, alert) =>
      accept(to, operation, notificationBody([alert], { state: 'test', severity: alert.severity, publicUrl: deps.publicUrl }), null),
  };
}

/** The same for the same content: a process that died before it remembered sends it again, and it is recognised. */
function keyOf(state: string, tells: PlannedNotification['tells']): string {
  const told = tells.map(({ alertId, target, count }) => `${alertId} ${target} ${count}`).sort();
  return `alert:${createHash('sha256')
    .update([state, ...told].join('\n'))
    .digest('base64url')}`;
}
