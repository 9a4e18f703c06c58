import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBodyBudget } from './body-budget.ts';

describe('the memory for bodies', () => {
  it('holds what all requests hold, and nothing when they are done', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(60)), { maxLength: 50 }), (steps) => {
        const budget = createBodyBudget(100);
        const accounts = Array.from({ length: 6 }, () => budget.open());
        const own = [0, 0, 0, 0, 0, 0];
        for (const [at, bytes] of steps) {
          accounts[at]?.take(bytes);
          own[at] = (own[at] ?? 0) + bytes;
          expect(budget.bytes()).toBe(own.reduce((sum, each) => sum + each, 0));
        }
        for (const account of [...accounts, ...accounts]) account.close();
        expect(budget.bytes()).toBe(0);
      }),
    );
  });

  it('has no room beyond its bound, announced or sent', () => {
    const budget = createBodyBudget(100);
    expect(budget.open().take(60)).toBe(true);
    const second = budget.open();
    expect(second.fits(41)).toBe(false);
    expect(second.take(40)).toBe(true);
    expect(second.take(1)).toBe(false);
    second.close();
    expect(budget.share()).toBe(0.6);
  });

  it('always has room for one request: a spoke with a larger limit than all memory is not shut out', () => {
    const account = createBodyBudget(100).open();
    expect(account.fits(1_000)).toBe(true);
    expect(account.take(500)).toBe(true);
    expect(account.take(500)).toBe(true);
  });
});
