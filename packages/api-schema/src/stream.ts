/** Server-sent events of `GET /stream` (contract section 5): facts about what changed, never payloads. */
import { type Static, Type } from 'typebox';
import { Alert } from './alerts.ts';
import { closed, Id, nullable, Timestamp } from './common.ts';
import { DELIVERY_STATE_NAMES } from './deliveries.ts';
import { Queue } from './queues.ts';

export const MessageEvent = closed({ id: Id, at: Timestamp, source: Type.String(), type: Type.String(), unrouted: Type.Boolean() });
export type MessageEvent = Static<typeof MessageEvent>;

export const DeliveryEvent = closed({
  id: Id,
  at: Timestamp,
  messageId: Id,
  route: Type.String(),
  spoke: Type.String(),
  state: Type.Enum([...DELIVERY_STATE_NAMES]),
  reason: nullable(Type.String()),
  attemptCount: Type.Integer(),
});
export type DeliveryEvent = Static<typeof DeliveryEvent>;

export const QueueEvent = closed({ id: Type.String({ description: 'The spoke' }), at: Timestamp, ...Queue.properties });
export type QueueEvent = Static<typeof QueueEvent>;

export const AlertEvent = closed({ ...Alert.properties, at: Timestamp });
export type AlertEvent = Static<typeof AlertEvent>;
