import { describe, expect, it } from 'vitest';
import { SpokeLane } from './spoke-lane.ts';

describe('SpokeLane', () => {
  it('gives the oldest rings first, and each id once', () => {
    const lane = new SpokeLane('erp');
    for (const id of ['a', 'b', 'a', 'c']) lane.offer(id);
    expect(lane.waiting).toBe(3);
    expect(lane.take(2)).toEqual(['a', 'b']);
    expect(lane.take(5)).toEqual(['c']);
    expect(lane.take(1)).toEqual([]);
  });

  it('is bounded, and remembers that it dropped something', () => {
    const lane = new SpokeLane('erp');
    for (let n = 0; n < 1_000; n++) lane.offer(String(n));
    expect(lane.overflowed).toBe(false);
    lane.offer('one too many');
    expect([lane.waiting, lane.overflowed]).toEqual([1_000, true]);
    lane.clear();
    expect(lane.waiting).toBe(0);
  });
});
