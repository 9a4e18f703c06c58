import { describe, expect, it } from 'vitest';
import { type Backlog, createBackpressure } from './backpressure.ts';

const NONE: Backlog = { ready: 0, rung: 0, inOrder: 0 };
const MANY: Backlog = { ready: 1_000, rung: 1_000_000, inOrder: 0 };
const FREE = { pauseMs: 0, weightMax: Number.POSITIVE_INFINITY };

describe('back-pressure', () => {
  const allowed = (backlog: Backlog, busy: number, waiting = 10) =>
    createBackpressure({ backlog: () => backlog, utilization: () => busy })(waiting);
  const pause = (...given: Parameters<typeof allowed>) => allowed(...given).pauseMs;

  it('never slows accepting while the process has idle time, however much waits', () => {
    expect(pause(MANY, 0.5)).toBe(0);
  });

  it('never slows accepting when nothing drains quickly: a spoke that stands does not count', () => {
    expect(pause(NONE, 1)).toBe(0);
  });

  it('waits until what was taken over has nearly been sent', () => {
    expect(pause({ ...NONE, ready: 48, rung: 0 }, 1)).toBe(0);
    expect(pause({ ...NONE, ready: 49, rung: 0 }, 1)).toBe(1);
    expect(pause({ ...NONE, ready: 88, rung: 0 }, 1)).toBe(5);
  });

  it('waits until nothing is left that is known by its id', () => {
    expect(pause({ ...NONE, ready: 0, rung: 1 }, 1)).toBe(1);
    expect(pause({ ...NONE, ready: 8, rung: 32 }, 1)).toBe(5);
  });

  it('keeps a batch waiting for 10 ms at a time and 30 ms in all, and the next one anew', () => {
    const allow = createBackpressure({ backlog: () => MANY, utilization: () => 1 });
    for (let batch = 0; batch < 2; batch++) {
      expect(Array.from({ length: 4 }, () => allow(10).pauseMs)).toEqual([10, 10, 10, 0]);
    }
  });

  it('lets a batch begin as many deliveries as find a place, busy or not', () => {
    expect([allowed(NONE, 0).weightMax, allowed(MANY, 1).weightMax]).toEqual([48, 48]);
  });

  it('lets those who were held up leave together, and not those of a crowd that goes on', () => {
    let now = 5_000;
    const allow = createBackpressure({ backlog: () => MANY, utilization: () => 1, now: () => now });
    expect([allow(64), allow(65), allow(65)].map(({ weightMax }) => weightMax)).toEqual([48, Number.POSITIVE_INFINITY, 48]);
    for (let n = 0; n < 3; n++) {
      now += 1_999;
      expect(allow(500).weightMax).toBe(48);
    }
    now += 1_000;
    expect(allow(64).weightMax).toBe(48);
    now += 1_000;
    expect(allow(500)).toEqual(FREE);
  });

  it('lets go when senders pile up before the commit', () => {
    const allow = createBackpressure({ backlog: () => MANY, utilization: () => 1, now: () => 0 });
    allow(512);
    expect([allow(512).pauseMs, allow(513)]).toEqual([10, FREE]);
  });

  it('lets go when most of what waits does so for one another', () => {
    expect(allowed({ ready: 100, rung: 100, inOrder: 201 }, 1)).toEqual(FREE);
    expect(allowed({ ready: 100, rung: 100, inOrder: 200 }, 1)).toEqual({ pauseMs: 10, weightMax: 48 });
  });
});
