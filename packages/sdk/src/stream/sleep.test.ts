import { expect, it, vi } from 'vitest';
import { sleep } from './sleep.ts';

it('waits its time, and no longer than its signal lets it', async () => {
  vi.useFakeTimers();
  try {
    const ended: string[] = [];
    const leave = new AbortController();
    const removed = vi.spyOn(leave.signal, 'removeEventListener');
    void sleep(1_000).then(() => ended.push('alone'));
    void sleep(1_000, leave.signal).then(() => ended.push('with a signal'));
    void sleep(9_000, leave.signal).then(() => ended.push('cut short'));
    await vi.advanceTimersByTimeAsync(999);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(['alone', 'with a signal']);
    expect(removed).toHaveBeenCalledOnce();
    leave.abort();
    await sleep(9_000, leave.signal);
    expect(ended).toEqual(['alone', 'with a signal', 'cut short']);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
