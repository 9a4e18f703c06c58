import { describe, expect, it } from 'vitest';
import { createLoadSignals } from './load-signals.ts';

function signalsAt(times: readonly number[], waiting = 0, share = 0) {
  const left = [...times];
  const now = () => left.shift() ?? Number.NaN;
  return createLoadSignals({
    accepter: { waiting: () => waiting, oldestWaitMs: () => 3 * waiting },
    bodies: { share: () => share },
    now,
    everyMs: 100,
  });
}

describe('the signals of load', () => {
  it('take for a delay of the event loop what a reading is late', () => {
    const read = signalsAt([1_000, 1_100, 1_350, 2_500, 2_600]);
    expect([read(), read(), read(), read()].map(({ loopDelayMs }) => loopDelayMs)).toEqual([0, 150, 1_050, 0]);
  });

  it('never call a reading that came early a delay', () => {
    const read = signalsAt([0, 99.5, 150]);
    expect([read(), read()].map(({ loopDelayMs }) => loopDelayMs)).toEqual([0, 0]);
  });

  it('tell what waits, what bodies take, and the share of the heap', () => {
    const read = signalsAt([0, 100], 7, 0.25);
    const { heapShare, ...rest } = read();
    expect(rest).toEqual({ waiting: 7, oldestWaitMs: 21, loopDelayMs: 0, bodyShare: 0.25 });
    expect(heapShare).toBeGreaterThan(0);
    expect(heapShare).toBeLessThan(1);
  });
});
