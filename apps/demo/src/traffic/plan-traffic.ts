/** The whole traffic of a run, planned before it starts: what is sent, and when. The same options give the same plan. */
import type { EmployeeEvent } from '../systems/hr/employee-event.ts';
import { type Fault, NO_FAULT } from '../systems/kit/fault.ts';
import type { StoryEvent } from '../systems/named/story-event.ts';
import type { PaymentFacts } from '../systems/payments/payment-intent.ts';
import type { ShopOrder } from '../systems/shop/order.ts';
import { makeOrder, smallestUnits } from './make-order.ts';
import { COUNTRIES, CUSTOMERS, HIRES, JOBS, type Person } from './people.ts';
import { createRandom, type Random } from './random.ts';

export type Happening =
  /** `again`: the shop repeats a webhook it sent before. */
  | { kind: 'order'; order: ShopOrder; again: boolean }
  | { kind: 'payment'; payment: PaymentFacts }
  /** A payment claimed by somebody who does not know the secret. */
  | { kind: 'forgery'; payment: PaymentFacts }
  | { kind: 'employee'; event: EmployeeEvent }
  /** Something in one of the blueprints. */
  | { kind: 'story'; event: StoryEvent }
  | { kind: 'fault'; system: 'erp' | 'messenger'; fault: Fault };

export interface Planned {
  /** After the start of the run. */
  atMs: number;
  happening: Happening;
}

export interface TrafficOptions {
  seed: number;
  /** Number of the run on this data directory, from 1: ids of an earlier run are not used again, since the hub would know them. */
  run: number;
  /** Each with two orders, their payments a round later, and somebody hired. */
  rounds: number;
  roundMs: number;
  startMs: number;
  /** Whether the ERP goes down for a while in the middle. */
  outage: boolean;
}

const OUTAGE_MS = 4_000;
const MESSENGER_FAULT = { ...NO_FAULT, mode: 'flaky', every: 2, failures: 1 } as const;

/** Ordered by time. */
export function planTraffic(options: TrafficOptions): Planned[] {
  const { rounds, roundMs, outage } = options;
  const random = createRandom(options.seed * 7_919 + options.run);
  const planned: Planned[] = [];
  const at = (round: number, part: number, happening: Happening) => planned.push({ atMs: Math.round((round + part) * roundMs), happening });
  const hired: EmployeeEvent[] = [];
  let orders: ShopOrder[] = [];

  for (let round = 0; round < rounds; round++) {
    orders = orders.filter((order) => order.total > 0 && random.next() < 0.85);
    for (const [index, order] of orders.entries()) at(round, 0.3 + index * 0.35, { kind: 'payment', payment: paymentOf(order, random) });
    orders = [0, 1].map((index) => {
      const order = orderOf(options, round * 2 + index, round + index * 0.45, random);
      at(round, index * 0.45, { kind: 'order', order, again: false });
      return order;
    });
    const [first] = orders;
    if (first && round % 4 === 1) at(round, 0.9, { kind: 'order', order: first, again: true });
    if (first && round === 1) at(round, 0.8, { kind: 'forgery', payment: paymentOf(first, random) });
    const event = hireOf(options, round, random);
    hired.push(event);
    at(round, 0.15, { kind: 'employee', event });
    const leaver = round % 3 === 2 ? hired[round - 2] : undefined;
    if (leaver) at(round, 0.6, { kind: 'employee', event: leavingOf(leaver, options, round + 0.6) });
  }
  for (const [index, order] of orders.filter(({ total }) => total > 0).entries())
    at(rounds, 0.1 + index * 0.3, { kind: 'payment', payment: paymentOf(order, random) });

  const stuck = (hired[1] ?? hired[0])?.employee.phone ?? null;
  at(0, 0, { kind: 'fault', system: 'messenger', fault: { ...MESSENGER_FAULT, stuck } });
  if (outage) {
    const downMs = Math.round((rounds / 2) * roundMs);
    planned.push({ atMs: downMs, happening: { kind: 'fault', system: 'erp', fault: { ...NO_FAULT, mode: 'down' } } });
    planned.push({ atMs: downMs + OUTAGE_MS, happening: { kind: 'fault', system: 'erp', fault: NO_FAULT } });
  }
  // Faults first where times are equal, so that the first welcome already meets the flaky messenger.
  return planned.sort((a, b) => a.atMs - b.atMs || Number(b.happening.kind === 'fault') - Number(a.happening.kind === 'fault'));
}

function orderOf({ run, startMs, roundMs }: TrafficOptions, index: number, round: number, random: Random): ShopOrder {
  const customer = random.pick(CUSTOMERS);
  const plan = {
    id: `msg_${random.token(24)}`,
    number: `O-${run * 1_000 + index + 1}`,
    placedAtMs: startMs + Math.round(round * roundMs),
    customer,
    customerId: `C-${2_001 + CUSTOMERS.indexOf(customer)}`,
    free: index % 10 === 5,
  };
  return makeOrder(plan, random);
}

function paymentOf(order: ShopOrder, random: Random): PaymentFacts {
  return {
    eventId: `evt_${random.token(24)}`,
    intentId: `pi_${random.token(24)}`,
    orderNumber: order.number,
    customerName: `${order.customer.first_name} ${order.customer.last_name}`,
    email: order.customer.email,
    amount: smallestUnits(order),
    currency: order.currency.toLowerCase(),
    createdSeconds: Math.floor(Date.parse(order.placed_at) / 1_000),
  };
}

function hireOf({ run, startMs, roundMs }: TrafficOptions, index: number, random: Random): EmployeeEvent {
  const person: Person = HIRES[index % HIRES.length] ?? HIRES[0];
  const lap = Math.floor(index / HIRES.length);
  const login = lap === 0 ? person.latin : `${person.latin}${lap + 1}`;
  const occurredMs = startMs + Math.round((index + 0.15) * roundMs);
  return {
    event_id: `hr-${random.token(16)}`,
    event: 'employee.hired',
    occurred_at: new Date(occurredMs).toISOString(),
    employee: {
      number: `E-${run * 1_000 + index + 1}`,
      first_name: person.first,
      last_name: person.last,
      login,
      email: `${login}@kavarna.example`,
      // The index makes it nobody else's.
      phone: `${COUNTRIES[person.country].phonePrefix} ${random.whole(600, 799)} ${random.whole(100, 999)} ${100 + (index % 900)}`,
      ...random.pick(JOBS),
      language: person.country === 'CZ' || person.country === 'SK' ? 'cs' : 'en',
    },
    effective_from: new Date(occurredMs).toISOString().slice(0, 10),
  };
}

function leavingOf(hired: EmployeeEvent, { startMs, roundMs }: TrafficOptions, round: number): EmployeeEvent {
  const occurredMs = startMs + Math.round(round * roundMs);
  return {
    ...hired,
    event_id: `${hired.event_id}-left`,
    event: 'employee.left',
    occurred_at: new Date(occurredMs).toISOString(),
    effective_from: new Date(occurredMs).toISOString().slice(0, 10),
  };
}
