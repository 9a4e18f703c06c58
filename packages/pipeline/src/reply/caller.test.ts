import { describe, expect, it, vi } from 'vitest';
import { waitingCaller } from './caller.ts';

describe('a waiting caller', () => {
  it('goes once, for the first reason there is', async () => {
    vi.useFakeTimers();
    try {
      const hangup = new AbortController();
      const caller = waitingCaller(1_000, hangup.signal);
      expect([caller.gone(), caller.signal.aborted]).toEqual([null, false]);
      vi.advanceTimersByTime(1_001);
      hangup.abort();
      expect([caller.gone(), caller.signal.aborted, await caller.left]).toEqual(['timeout', true, 'timeout']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that was gone before it began is gone', () => {
    expect(waitingCaller(1_000, AbortSignal.abort()).gone()).toBe('hangup');
  });

  it('that was answered does not go any more', () => {
    vi.useFakeTimers();
    try {
      const hangup = new AbortController();
      const caller = waitingCaller(1_000, hangup.signal);
      caller.done();
      vi.advanceTimersByTime(2_000);
      hangup.abort();
      expect(caller.gone()).toBeNull();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
