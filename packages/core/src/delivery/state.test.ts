import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canMove,
  DELIVERY_STATES,
  type DeliveryState,
  INTERVENTIONS,
  isTerminal,
  messageStateOf,
  OPEN_STATES,
  statesBefore,
} from './state.ts';

const state = fc.constantFrom(...DELIVERY_STATES);

describe('the table of states', () => {
  it('calls exactly the states of the contract terminal', () => {
    expect(DELIVERY_STATES.filter(isTerminal)).toEqual(['succeeded', 'dead', 'skipped', 'cancelled', 'compensated']);
    expect(OPEN_STATES).toEqual(['pending', 'active', 'retrying', 'held', 'unknown']);
  });

  it('lets every open state reach a terminal one', () => {
    const reach = (from: DeliveryState, seen = new Set<DeliveryState>()): Set<DeliveryState> => {
      for (const to of DELIVERY_STATES) {
        if (!canMove(from, to) || seen.has(to)) continue;
        seen.add(to);
        reach(to, seen);
      }
      return seen;
    };
    for (const from of OPEN_STATES) expect([...reach(from)]).toContain('succeeded');
    for (const from of ['skipped', 'cancelled', 'compensated'] as const) expect(reach(from).size).toBe(0);
  });

  it('leaves a terminal state only by what a person does, or by compensation', () => {
    for (const from of DELIVERY_STATES.filter(isTerminal)) {
      const left = DELIVERY_STATES.filter((to) => canMove(from, to));
      const byPerson = Object.values(INTERVENTIONS).flatMap(({ from: froms, to }) => (froms.some((each) => each === from) ? [to] : []));
      expect(left.filter((to) => to !== 'compensated').sort()).toEqual([...byPerson].sort());
    }
  });

  it('allows every move that a person can make', () => {
    for (const { from, to } of Object.values(INTERVENTIONS))
      for (const each of from) expect(canMove(each, to), `${each} to ${to}`).toBe(true);
  });

  it('never moves a state to itself, and never sends what waits for a person', () => {
    fc.assert(fc.property(state, (each) => void expect(canMove(each, each)).toBe(false)));
    for (const waiting of ['held', 'dead'] as const) expect(canMove(waiting, 'active')).toBe(false);
  });

  it('lets what is unknown be looked up, resolved or cancelled, and never be dead or tried again from there', () => {
    expect(DELIVERY_STATES.filter((to) => canMove('unknown', to))).toEqual(['pending', 'active', 'succeeded', 'cancelled']);
    expect(DELIVERY_STATES.filter((from) => canMove(from, 'unknown'))).toEqual(['active']);
  });

  it('says the same from both ends', () => {
    fc.assert(fc.property(state, state, (from, to) => void expect(statesBefore(to).includes(from)).toBe(canMove(from, to))));
  });

  it('keeps any walk of guarded updates inside the table', () => {
    fc.assert(
      fc.property(fc.array(state, { maxLength: 40 }), (wishes) => {
        let at: DeliveryState = 'pending';
        for (const to of wishes) {
          // The store's conditional update: only from a state the table names.
          if (!statesBefore(to).includes(at)) continue;
          expect(canMove(at, to)).toBe(true);
          at = to;
        }
        expect(DELIVERY_STATES).toContain(at);
      }),
    );
  });
});

describe('messageStateOf', () => {
  it.each<[DeliveryState[], string]>([
    [[], 'completed'],
    [['succeeded', 'skipped'], 'completed'],
    [['skipped'], 'completed'],
    [['succeeded', 'dead'], 'failed'],
    [['pending', 'dead'], 'accepted'],
    [['unknown'], 'accepted'],
    [['held', 'succeeded'], 'accepted'],
    [['cancelled', 'compensated'], 'completed'],
  ])('%j is %s', (deliveries, expected) => {
    expect(messageStateOf(deliveries, false)).toBe(expected);
  });

  it('is accepted exactly while something is open', () => {
    fc.assert(
      fc.property(fc.array(state), (deliveries) => {
        expect(messageStateOf(deliveries, false) === 'accepted').toBe(deliveries.some((each) => OPEN_STATES.includes(each)));
      }),
    );
  });

  it('is unrouted when no route matched', () => {
    expect(messageStateOf([], true)).toBe('unrouted');
  });
});
