/** Everything that happened to a message as one line of events, oldest first, each with what belongs to it. */
import type { Delivery, Message } from '@nave/api-schema';
import { runsOf } from './runs.ts';

export type TimelineEntry = { key: string; at: string } & (
  | { kind: 'received' | 'unrouted' }
  | { kind: 'replayed'; deliveries: Delivery[]; of: string | null }
  | { kind: 'planned'; deliveries: Delivery[] }
  | { kind: 'attempt'; delivery: Delivery; attempt: Delivery['attempts'][number] }
  /** Not before `at`, the rest of its attempts is not shown. */
  | { kind: 'omitted'; delivery: Delivery; count: number }
  | { kind: 'waiting'; delivery: Delivery }
  | { kind: 'ended'; delivery: Delivery }
);

const TERMINAL = new Set(['succeeded', 'dead', 'skipped', 'cancelled', 'compensated']);
/** States in which something is yet to come; what it is stands at the end of the line. */
const WAITING = new Set(['pending', 'active', 'retrying', 'held', 'unknown']);

/** Entries of one moment keep the order in which they must have happened. */
export function timelineOf(message: Message): TimelineEntry[] {
  const { id, receivedAt, deliveries } = message;
  const past: TimelineEntry[] = [{ key: id, at: receivedAt, kind: 'received' }];
  if (message.state === 'unrouted') past.push({ key: `${id} unrouted`, at: receivedAt, kind: 'unrouted' });
  past.push(...plans(deliveries));
  for (const delivery of deliveries) past.push(...eventsOf(delivery));
  past.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const open = deliveries.filter(({ state }) => WAITING.has(state));
  return [
    ...past,
    ...open.map((delivery) => ({ key: `${delivery.id} waiting`, at: lastOf(delivery), kind: 'waiting' as const, delivery })),
  ];
}

/** Deliveries made at one moment are one event. */
function plans(deliveries: readonly Delivery[]): TimelineEntry[] {
  const replays = new Set(
    runsOf(deliveries)
      .filter(({ replay }) => replay)
      .flatMap((run) => run.deliveries.map(({ id }) => id)),
  );
  const groups = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const key = `${delivery.createdAt} ${replays.has(delivery.id)}`;
    groups.set(key, [...(groups.get(key) ?? []), delivery]);
  }
  return [...groups].flatMap(([key, group]): TimelineEntry[] => {
    const first = group[0];
    if (first === undefined) return [];
    const common = { key: `plan ${key}`, at: first.createdAt, deliveries: group };
    return [replays.has(first.id) ? { ...common, kind: 'replayed', of: first.replayOf } : { ...common, kind: 'planned' }];
  });
}

function eventsOf(delivery: Delivery): TimelineEntry[] {
  const events: TimelineEntry[] = delivery.attempts.map((attempt) => ({
    key: `${delivery.id} ${attempt.number} ${attempt.startedAt}`,
    at: attempt.startedAt,
    kind: 'attempt',
    delivery,
    attempt,
  }));
  const first = delivery.attempts[0];
  if (first !== undefined && first.number > 1) {
    events.unshift({ key: `${delivery.id} omitted`, at: first.startedAt, kind: 'omitted', delivery, count: first.number - 1 });
  }
  if (delivery.finishedAt !== null && TERMINAL.has(delivery.state)) {
    events.push({ key: `${delivery.id} ended`, at: delivery.finishedAt, kind: 'ended', delivery });
  }
  return events;
}

function lastOf({ attempts, createdAt }: Delivery): string {
  return attempts.at(-1)?.startedAt ?? createdAt;
}
