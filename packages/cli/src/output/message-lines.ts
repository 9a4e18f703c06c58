/** A message as lines: what it is, where it went, what happened. */
import type { Delivery, Message } from '@nave/api-schema';
import type { Io } from '../io.ts';
import { moment } from './moment.ts';
import { paint } from './paint.ts';
import { printable } from './printable.ts';
import { stateMark } from './state-mark.ts';
import { facts, table } from './table.ts';

export function messageLines(io: Io, message: Message): string[] {
  const { id, source, type, state, receivedAt, completedAt, size, contentType, deliveries, timeline, keys } = message;
  const optional: [string, string | null][] = [
    ['idempotency', message.idempotencyKey],
    ['correlation', message.correlationId],
    ['ordering', message.orderingKey],
    ['keys', keys.length === 0 ? null : keys.join(', ')],
  ];
  const lines = facts(io, [
    ['message', id],
    ['state', stateMark(io, state)],
    ['source', printable(source)],
    ['type', printable(type)],
    ['received', moment(receivedAt)],
    ['completed', moment(completedAt)],
    ['body', `${size} bytes of ${printable(contentType)}`],
    ...optional.flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, printable(value)]])),
  ]);
  if (deliveries.length > 0) lines.push('', paint(io, 'bold', 'Deliveries'), ...table(io, columns(io), deliveries));
  if (timeline.length > 0) {
    lines.push('', paint(io, 'bold', 'Timeline'));
    const width = Math.max(...timeline.map(({ event }) => event.length));
    for (const { at, event, detail } of timeline) lines.push(`${at}  ${printable(event).padEnd(width)}  ${printable(detail)}`.trimEnd());
  }
  return lines;
}

function columns(io: Io) {
  return [
    { title: 'STATE', text: ({ state }: Delivery) => stateMark(io, state) },
    { title: 'ROUTE', text: ({ route, step }: Delivery) => `${route}/${step}` },
    { title: 'SPOKE', text: ({ spoke }: Delivery) => spoke },
    { title: 'OPERATION', text: ({ operation }: Delivery) => printable(operation) },
    { title: 'TRIES', text: ({ attemptCount }: Delivery) => String(attemptCount), align: 'right' as const },
    { title: 'ID', text: ({ id }: Delivery) => id },
    { title: 'WHY', text: (delivery: Delivery) => printable(why(delivery)) },
  ];
}

function why({ state, reason, heldBy, nextAttemptAt }: Delivery): string {
  if (state === 'held' && heldBy !== null) return `held by ${heldBy}`;
  if (state === 'retrying' && nextAttemptAt !== null) return `again at ${moment(nextAttemptAt)}${reason === null ? '' : `, ${reason}`}`;
  return reason ?? '';
}
