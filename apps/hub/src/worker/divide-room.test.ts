import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideRoom } from './divide-room.ts';

const wish = (free: number, active = 0, quick = true) => ({ free, active, quick });

describe('dividing the room of a process', () => {
  it('gives everybody the same, and what one does not need to the others', () => {
    expect(divideRoom([wish(100), wish(100), wish(4)], 64, 256, 0)).toEqual([30, 30, 4]);
  });

  it('keeps a quarter from spokes that are not known to be quick', () => {
    expect(divideRoom([wish(300, 0, false)], 256, 256, 0)).toEqual([192]);
    expect(divideRoom([wish(10, 10, false), wish(10)], 64, 256, 192)).toEqual([0, 10]);
  });

  it('lets a spoke that has nothing under way try one, also when the others hang', () => {
    expect(divideRoom([wish(10, 0, false), wish(10, 5, false)], 64, 256, 192)).toEqual([1, 0]);
  });

  it('stops such trials at the last eighth', () => {
    const given = divideRoom(
      Array.from({ length: 100 }, () => wish(10, 0, false)),
      64,
      256,
      192,
    );
    expect(given.reduce((sum, n) => sum + n, 0)).toBe(32);
  });

  it('gives the last eighth to nobody alone', () => {
    expect(divideRoom([wish(1_000)], 256, 256, 0)).toEqual([224]);
  });

  it('works in the smallest process', () => {
    expect(divideRoom([wish(5, 0, false), wish(5)], 1, 1, 0)).toEqual([1, 0]);
  });

  it('never gives more than there is, than was wished for, or nothing while somebody could start', () => {
    const wishes = fc.array(fc.record({ free: fc.nat(50), active: fc.nat(20), quick: fc.boolean() }), { maxLength: 40 });
    fc.assert(
      fc.property(wishes, fc.nat(256), fc.integer({ min: 1, max: 256 }), fc.nat(256), (all, room, max, slow) => {
        const given = divideRoom(all, room, max, slow);
        expect(given.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(room);
        for (const [n, one] of all.entries()) {
          expect(given[n]).toBeGreaterThanOrEqual(0);
          expect(given[n]).toBeLessThanOrEqual(one.free);
        }
        if (room >= all.length && slow + all.length <= max * 0.75) {
          for (const [n, one] of all.entries()) if (one.active === 0 && one.free > 0) expect(given[n]).toBeGreaterThan(0);
        }
      }),
    );
  });
});
