import { describe, expect, it } from 'vitest';
import { createFaultSwitch, NO_FAULT, parseFault } from './fault.ts';

describe('parseFault', () => {
  it('completes what is left out', () => {
    expect(parseFault({ mode: 'down' })).toEqual({ ...NO_FAULT, mode: 'down' });
    expect(parseFault({ mode: 'flaky', every: 3, stuck: 'Ota' })).toEqual({ ...NO_FAULT, mode: 'flaky', every: 3, stuck: 'Ota' });
  });

  it.each([
    [null],
    ['down'],
    [{}],
    [{ mode: 'broken' }],
    [{ mode: 'slow', delayMs: -1 }],
    [{ mode: 'slow', delayMs: 1e9 }],
    [{ mode: 'flaky', every: 0 }],
    [{ mode: 'flaky', failures: 1.5 }],
    [{ mode: 'flaky', stuck: 7 }],
  ])('says what is wrong with %j', (body) => {
    expect(parseFault(body)).toBeTypeOf('string');
  });
});

describe('a fault switch', () => {
  it('lets a flaky request through after its failures, and hits only each n-th', () => {
    const faults = createFaultSwitch();
    faults.set({ ...NO_FAULT, mode: 'flaky', every: 2, failures: 2 });
    const kinds = ['a', 'b', 'b', 'b', 'c', 'd'].map((key) => faults.effectOn(key, '').kind);
    expect(kinds).toEqual(['none', 'fail', 'fail', 'none', 'none', 'fail']);
  });

  it('fails a stuck request always, until the fault is switched off', () => {
    const faults = createFaultSwitch();
    faults.set({ ...NO_FAULT, mode: 'flaky', every: 100, stuck: 'ota' });
    expect([1, 2, 3].map(() => faults.effectOn('k', 'to ota').kind)).toEqual(['fail', 'fail', 'fail']);
    faults.set(NO_FAULT);
    expect(faults.effectOn('k', 'to ota').kind).toBe('none');
  });

  it('answers every request alike when down or slow', () => {
    const faults = createFaultSwitch();
    faults.set({ ...NO_FAULT, mode: 'down' });
    expect(faults.effectOn('k', '')).toEqual({ kind: 'fail', status: 503 });
    faults.set({ ...NO_FAULT, mode: 'slow', delayMs: 10 });
    expect(faults.effectOn('k', '')).toEqual({ kind: 'wait', ms: 10 });
  });
});
