import type { Ledger, LedgerDifference } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { balanceOf, equationOf, LEDGER_TERMS } from './equation.ts';

const TOTALS: Ledger['totals'] = {
  ...{ accepted: 10, succeeded: 7, filtered: 1, skipped: 0, running: 0, waiting: 0, held: 1, unknown: 0, dead: 1, cancelled: 0 },
  ...{ compensated: 0, unchecked: 0, difference: 0 },
};
const MESSAGES = { accepted: 10, found: 10, unchecked: 0, difference: 0 };
const WHOLE = { ok: true, totals: TOTALS, messages: MESSAGES, differences: [] };
const DIFFERENCE: LedgerDifference = {
  ...{ id: 1, kind: 'runs', route: 'orders', from: '2026-11-21T14:00:00.000Z', to: '2026-11-21T14:01:00.000Z', accepted: 5, found: 3 },
  ...{ missing: 2, messageIds: [], foundAt: null },
};

describe('the equation', () => {
  it('names every state there is, leaves out what is 0, and adds up', () => {
    const { accepted, terms, unchecked, difference } = equationOf(TOTALS);
    expect(terms.map(({ term }) => term)).toEqual(['succeeded', 'filtered', 'held', 'dead']);
    expect(terms.reduce((sum, { count }) => sum + count, unchecked + difference)).toBe(accepted);
    expect([...LEDGER_TERMS].sort()).toEqual(
      Object.keys(TOTALS)
        .filter((name) => !['accepted', 'unchecked', 'difference'].includes(name))
        .sort(),
    );
  });
});

describe('the balance', () => {
  it('is whole only when everything was counted again', () => {
    expect(balanceOf(WHOLE)).toEqual({ kind: 'whole' });
    expect(balanceOf({ ...WHOLE, totals: { ...TOTALS, unchecked: 3 } })).toEqual({ kind: 'unchecked', runs: 3, messages: 0 });
    expect(balanceOf({ ...WHOLE, messages: { ...MESSAGES, unchecked: 1 } })).toEqual({ kind: 'unchecked', runs: 0, messages: 1 });
  });

  it('tells what is missing and what is too much, without letting one hide the other', () => {
    const differences = [
      DIFFERENCE,
      { ...DIFFERENCE, id: 2, missing: -1 },
      { ...DIFFERENCE, id: 3, kind: 'counters' as const, missing: 4 },
    ];
    expect(balanceOf({ ...WHOLE, ok: false, differences })).toEqual({ kind: 'missing', missing: 2, surplus: 1, counters: 1 });
  });

  it('is never whole when the hub says that it is not, whatever the figures', () => {
    expect(balanceOf({ ...WHOLE, ok: false }).kind).toBe('missing');
    expect(balanceOf({ ...WHOLE, totals: { ...TOTALS, difference: -2 } })).toMatchObject({ kind: 'missing', missing: 0, surplus: 2 });
  });
});
