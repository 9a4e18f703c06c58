import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cpuShare, type IdleHeap, tidyIdleHeap } from './tidy-idle-heap.ts';

const MB = 1024 * 1024;

/** A heap whose size and load the test sets; a collection brings it down to 60 MB. */
function heap(changes: Partial<IdleHeap> = {}) {
  const state = { old: 60 * MB, busy: 0.03, collections: 0 };
  const stop = tidyIdleHeap({
    collect: () => {
      state.collections += 1;
      state.old = 60 * MB;
    },
    oldBytes: () => state.old,
    busy: () => state.busy,
    ...changes,
  });
  return { state, stop };
}

describe('tidying the heap of an idle process', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const minute = () => vi.advanceTimersByTime(60_000);

  it('collects once it was idle for a minute and has grown since the last time', () => {
    const { state, stop } = heap();
    state.old = 63 * MB;
    minute();
    expect(state.collections).toBe(0);
    state.old = 65 * MB;
    minute();
    expect(state.collections).toBe(1);
    minute();
    expect(state.collections).toBe(1);
    stop();
  });

  it('does not collect again and again what is in use', () => {
    const collect = vi.fn();
    const { state, stop } = heap({ collect });
    state.old = 90 * MB;
    minute();
    expect(collect).toHaveBeenCalledTimes(1);
    minute();
    expect(collect).toHaveBeenCalledTimes(1);
    stop();
  });

  it('leaves a process alone that has something to do', () => {
    const { state, stop } = heap();
    state.old = 200 * MB;
    state.busy = 0.2;
    minute();
    expect(state.collections).toBe(0);
    state.busy = 0.02;
    minute();
    expect(state.collections).toBe(1);
    stop();
  });

  it('ends, and does nothing where there is no collector to call', () => {
    const { state, stop } = heap();
    state.old = 200 * MB;
    stop();
    minute();
    expect(state.collections).toBe(0);
    const none = heap({ collect: undefined });
    none.state.old = 200 * MB;
    minute();
    expect(none.state.collections).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the share of a core that a process uses', () => {
  it('is its CPU time since the last question, whatever it waited for', () => {
    const process = { user: 3_000_000, system: 1_000_000 };
    let nowMs = 500;
    const share = cpuShare(
      () => process,
      () => nowMs,
    );
    nowMs += 60_000;
    process.user += 1_000_000;
    process.system += 200_000;
    expect(share()).toBeCloseTo(0.02, 9);
    expect(share()).toBe(0);
    nowMs += 1_000;
    process.user += 1_900_000;
    expect(share()).toBeCloseTo(1.9, 9);
  });

  it('of this process grows by what it computes', () => {
    const share = cpuShare();
    const until = performance.now() + 20;
    while (performance.now() < until);
    expect(share()).toBeGreaterThan(0);
  });
});
