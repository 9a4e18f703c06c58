import { describe, expect, it } from 'vitest';
import { createBackpressure } from './backpressure.ts';

describe('back-pressure', () => {
  const pause = (backlog: number, busy: number, waiting = 10) =>
    createBackpressure({ backlog: () => backlog, utilization: () => busy })(waiting);

  it('never slows accepting while the process has idle time, however much waits', () => {
    expect(pause(1_000_000, 0.5)).toBe(0);
  });

  it('never slows accepting when nothing drains quickly: a spoke that stands does not count', () => {
    expect(pause(0, 1)).toBe(0);
    expect(pause(64, 1)).toBe(0);
  });

  it('grows with what waits, and is bounded', () => {
    expect(pause(144, 1)).toBe(10);
    expect(pause(1_000_000, 1)).toBe(25);
  });

  it('lets go when senders pile up before the commit', () => {
    expect(pause(1_000_000, 1, 513)).toBe(0);
  });
});
