/** What happened to a message, in order: derived from its deliveries and their attempts. */
import type { Message } from '@nave/api-schema';
import { isTerminal, timeOfUuid } from '@nave/core';
import type { DeliveryDetail, MessageDetail } from '@nave/store';

type TimelineEvent = Message['timeline'][number];

const EVENTS_MAX = 1_000;

/** Oldest first; events of one moment keep the order in which they must have happened. */
export function timelineOf(message: MessageDetail): TimelineEvent[] {
  const events: { at: Date; event: string; detail: string }[] = [
    { at: message.receivedAt, event: 'received', detail: `${message.type} from ${message.spoke}, ${message.size} bytes` },
  ];
  if (message.causationId !== null)
    events.push({ at: message.receivedAt, event: 'edited.from', detail: `Made by a person from ${message.causationId}` });
  for (const id of message.edits)
    events.push({ at: new Date(timeOfUuid(id)), event: 'edited', detail: `Sent again with another body as ${id}` });
  if (message.unrouted) events.push({ at: message.receivedAt, event: 'unrouted', detail: 'No route takes it' });
  for (const delivery of message.deliveries) events.push(...deliveryEvents(delivery));
  return events
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, EVENTS_MAX)
    .map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest }));
}

function deliveryEvents(delivery: DeliveryDetail): { at: Date; event: string; detail: string }[] {
  const where = `${delivery.route}/${delivery.stepName} to ${delivery.spoke}`;
  const replayed = delivery.replayOf === null ? '' : `, replay of ${delivery.replayOf}`;
  const events = [{ at: delivery.createdAt, event: 'delivery.created', detail: `${where}${replayed}` }];
  for (const { number, startedAt, outcome, status, detail } of delivery.attempts) {
    const code = status === null ? '' : ` ${status}`;
    events.push({ at: startedAt, event: `attempt.${outcome}`, detail: `${where}, attempt ${number}:${code} ${detail}`.trimEnd() });
  }
  if (delivery.heldBy === 'lane') {
    const behind = delivery.blockedBy === null ? 'for its turn' : `behind ${delivery.blockedBy}`;
    events.push({ at: delivery.createdAt, event: 'delivery.waits', detail: `${where}, ${behind} in its lane` });
  }
  if (delivery.finishedAt !== null && isTerminal(delivery.state)) {
    const why = delivery.reason === null ? '' : `: ${delivery.reason}`;
    events.push({ at: delivery.finishedAt, event: `delivery.${delivery.state}`, detail: `${where}${why}` });
  }
  return events;
}
