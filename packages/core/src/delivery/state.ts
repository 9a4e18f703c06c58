/** The states of a delivery and the moves between them; every change in the store is conditional on this table. */
export const DELIVERY_STATES = [
  'pending',
  'active',
  'retrying',
  'held',
  'unknown',
  'succeeded',
  'dead',
  'skipped',
  'cancelled',
  'compensated',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const HELD_BY = ['breaker', 'pause', 'lane', 'governor', 'approval', 'event'] as const;
export type HeldBy = (typeof HELD_BY)[number];

const MOVES: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  pending: ['active', 'held', 'skipped', 'cancelled', 'dead'],
  active: ['pending', 'retrying', 'held', 'unknown', 'succeeded', 'dead', 'skipped', 'cancelled'],
  retrying: ['active', 'pending', 'held', 'cancelled', 'skipped', 'dead'],
  held: ['pending', 'cancelled', 'skipped'],
  // To active for a lookup: what is unknown is asked about, not sent.
  unknown: ['active', 'succeeded', 'pending', 'cancelled'],
  dead: ['pending', 'skipped', 'cancelled'],
  succeeded: ['compensated'],
  skipped: [],
  cancelled: [],
  compensated: [],
};

/** Whether a delivery may go from one state to another. */
export function canMove(from: DeliveryState, to: DeliveryState): boolean {
  return MOVES[from].includes(to);
}

/** The states from which `to` can be reached: the guard of a conditional update. */
export function statesBefore(to: DeliveryState): DeliveryState[] {
  return DELIVERY_STATES.filter((from) => canMove(from, to));
}

const TERMINAL: ReadonlySet<DeliveryState> = new Set(['succeeded', 'dead', 'skipped', 'cancelled', 'compensated']);

/** True when nothing happens to the delivery any more unless a person acts. */
export function isTerminal(state: DeliveryState): boolean {
  return TERMINAL.has(state);
}

export const OPEN_STATES: readonly DeliveryState[] = DELIVERY_STATES.filter((state) => !TERMINAL.has(state));

/** What a person may do to a delivery, the states it is possible in, and the state it leads to. */
export const INTERVENTIONS = {
  retry: { from: ['dead'], to: 'pending' },
  skip: { from: ['dead'], to: 'skipped' },
  cancel: { from: ['pending', 'retrying', 'held', 'unknown', 'dead'], to: 'cancelled' },
} as const satisfies Record<string, { from: readonly DeliveryState[]; to: DeliveryState }>;
export type Intervention = keyof typeof INTERVENTIONS;

/** The state of a message, derived from its deliveries (none and not routed = `unrouted`). */
export function messageStateOf(deliveries: readonly DeliveryState[], unrouted: boolean): 'accepted' | 'completed' | 'failed' | 'unrouted' {
  if (unrouted) return 'unrouted';
  if (deliveries.some((state) => !isTerminal(state))) return 'accepted';
  return deliveries.includes('dead') ? 'failed' : 'completed';
}
