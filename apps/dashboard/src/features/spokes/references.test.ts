import { describe, expect, it } from 'vitest';
import { referencesIn } from './references.ts';

describe('what is in the way of a deletion', () => {
  it('is named once, by what it is', () => {
    const errors = [
      { path: '/routes/orders/from/spoke', message: 'receives from the spoke' },
      { path: '/routes/orders/steps/0/to', message: 'unknown spoke' },
      { path: '/alerts/a~1b/spokes/0', message: 'unknown spoke' },
    ];
    expect(referencesIn({ errors })).toEqual({ deliveries: null, routes: ['orders'], alerts: ['a/b'] });
  });

  it('tells open deliveries by their count', () => {
    expect(referencesIn({ errors: [{ path: '/deliveries', message: '41 open' }] }).deliveries).toBe(41);
    expect(referencesIn({})).toEqual({ deliveries: null, routes: [], alerts: [] });
  });
});
