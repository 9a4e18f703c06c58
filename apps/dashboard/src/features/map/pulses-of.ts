/** Which links something ran along, of what the hub told: one pulse a link and outcome, however many events there were. Pure. */
import type { DeliveryEvent, MessageEvent } from '@nave/api-schema';
import type { Strand } from './map-strands.ts';

export interface Pulse {
  /** Id of the strand. */
  strand: string;
  tone: 'accent' | 'green' | 'amber' | 'red';
  count: number;
}

const TONES: Partial<Readonly<Record<string, Pulse['tone']>>> = { succeeded: 'green', retrying: 'amber', dead: 'red' };

export interface Happened {
  messages: readonly Pick<MessageEvent, 'id' | 'source'>[];
  deliveries: readonly Pick<DeliveryEvent, 'messageId' | 'route' | 'spoke' | 'state'>[];
}

/** A message runs to the hub on the link of its route, where a delivery tells it, else on the first of its source; an outcome runs from the hub to its target. */
export function pulsesOf(
  { messages, deliveries }: Happened,
  strands: readonly Pick<Strand, 'id' | 'spoke' | 'direction' | 'routes'>[],
): Pulse[] {
  const pulses = new Map<string, Pulse>();
  const add = (strand: string | undefined, tone: Pulse['tone']) => {
    if (strand === undefined) return;
    const key = `${strand} ${tone}`;
    pulses.set(key, { strand, tone, count: (pulses.get(key)?.count ?? 0) + 1 });
  };
  const routeOf = new Map(deliveries.map(({ messageId, route }) => [messageId, route]));
  for (const { id, source } of messages) {
    const own = strands.filter(({ direction, spoke }) => direction === 'in' && spoke === source);
    const route = routeOf.get(id);
    add((own.find(({ routes }) => route !== undefined && routes.includes(route)) ?? own[0])?.id, 'accent');
  }
  for (const { route, spoke, state } of deliveries) {
    const tone = TONES[state];
    if (tone === undefined) continue;
    add(strands.find((one) => one.direction === 'out' && one.spoke === spoke && one.routes.includes(route))?.id, tone);
  }
  return [...pulses.values()];
}
