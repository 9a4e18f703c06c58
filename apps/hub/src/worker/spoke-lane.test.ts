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

  it('tells how long deliveries take at the present pace, and that a lane which stands takes for ever', () => {
    const lane = new SpokeLane('erp');
    expect(lane.drainMs(100, 1_000)).toBe(Number.POSITIVE_INFINITY);
    lane.finished(lane.began(0), 1_000);
    for (let n = 1; n <= 10; n++) lane.finished(lane.began(0), 1_000 + n * 10);
    // Ten in 100 ms: a hundred take a second.
    expect(lane.drainMs(100, 1_100)).toBeCloseTo(1_000, 6);
    expect(lane.drainMs(100, 2_200)).toBe(Number.POSITIVE_INFINITY);
  });

  it('drops ids that found no room for a second, and knows that they are in the database', () => {
    const lane = new SpokeLane('erp');
    lane.offer('a');
    lane.hadRoom(false, 1_000);
    lane.hadRoom(false, 1_900);
    lane.hadRoom(true, 1_950);
    lane.hadRoom(false, 2_500);
    expect([lane.waiting, lane.overflowed]).toEqual([1, false]);
    lane.hadRoom(false, 3_600);
    expect([lane.waiting, lane.overflowed, lane.busy]).toEqual([0, true, true]);
  });

  it('is quick when it lately was and nothing under way takes longer', () => {
    const lane = new SpokeLane('erp');
    expect(lane.quick(0)).toBe(false);
    const one = lane.began(0);
    expect(lane.quick(10)).toBe(false);
    lane.finished(one, 20);
    expect(lane.quick(30)).toBe(true);
    const two = lane.began(100);
    expect([lane.quick(1_000), lane.quick(1_100)]).toEqual([true, false]);
    lane.finished(two, 1_200);
    expect([lane.quick(1_300), lane.quick(61_000)]).toEqual([true, false]);
  });
});
