/** What a person may do to a delivery, and the answer when its state does not allow it. */
import { type DeliveryState, HubError, INTERVENTIONS } from '@nave/core';
import type { DeliveryChange, DeliveryDetail } from '@nave/store';

/** Each call with the change it makes. Reasons are codes, as in `core/delivery/next-step.ts`. */
export const DELIVERY_ACTIONS = {
  retry: { ...INTERVENTIONS.retry, reason: null, freshPolicy: true },
  skip: { ...INTERVENTIONS.skip, reason: 'operator.skipped' },
  cancel: { ...INTERVENTIONS.cancel, reason: 'operator.cancelled' },
  approve: { from: ['held'], heldForApproval: true, to: 'pending', reason: null },
  reject: { from: ['held'], heldForApproval: true, to: 'cancelled', reason: 'operator.rejected' },
} as const satisfies Record<string, DeliveryChange>;
export type DeliveryAction = keyof typeof DELIVERY_ACTIONS;

const RESOLVABLE = ['unknown'] as const;

/** What `resolve` does. @param output sealed answer a person gave with `done` */
export function resolution(outcome: 'done' | 'notDone', output: Uint8Array | undefined): DeliveryChange {
  if (outcome === 'notDone') return { from: RESOLVABLE, to: 'pending', reason: null, freshPolicy: true };
  return { from: RESOLVABLE, to: 'succeeded', reason: 'operator.resolved', ...(output === undefined ? {} : { output }) };
}

/** Names the state and what is possible in it. */
export function stateConflict(action: DeliveryAction | 'resolve', { state, heldBy }: Pick<DeliveryDetail, 'state' | 'heldBy'>): HubError {
  const possible = possibleIn(state, heldBy);
  const held = heldBy === null ? state : `${state} (by ${heldBy})`;
  const now = possible.length === 0 ? 'Nothing is possible in this state.' : `Possible now: ${possible.join(', ')}.`;
  return new HubError('state.conflict', { detail: `The delivery is ${held}; ${action} is not possible. ${now}` });
}

const ACTIONS = ['retry', 'skip', 'cancel', 'approve', 'reject'] as const satisfies readonly DeliveryAction[];

/** The calls that are possible in a state. */
export function possibleIn(state: DeliveryState, heldBy: string | null): (DeliveryAction | 'resolve')[] {
  const actions = ACTIONS.filter((name) => {
    const change = DELIVERY_ACTIONS[name];
    const from: readonly DeliveryState[] = change.from;
    return from.includes(state) && (!('heldForApproval' in change) || heldBy === 'approval');
  });
  return [...actions, ...(state === 'unknown' ? (['resolve'] as const) : [])];
}
