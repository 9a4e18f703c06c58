import type { ClaimedDelivery } from '@nave/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldLease } from './leases.ts';
import { createReadyLines } from './ready-lines.ts';
import { SpokeLane } from './spoke-lane.ts';

const MIB = 1024 * 1024;

function delivery(id: string): ClaimedDelivery {
  return {
    ...{ id, messageId: id, source: 'shop', route: 'r', routeVersion: 1, step: 0, stepName: 's', spoke: 'erp', operation: 'o' },
    ...{
      attemptCount: 0,
      attemptBase: 0,
      fence: 1,
      sending: false,
      lookups: 0,
      input: null,
      replayId: null,
      laneKey: null,
      createdAtMs: 0,
    },
    message: {
      ...{ type: 't', receivedAtMs: 0, content: new Uint8Array(), contentType: '' },
      ...{ correlationId: null, traceparent: null, orderingKey: null },
    },
  };
}

const lease = (id = 'd') => new HeldLease(delivery(id), performance.now(), 30_000);

/** A spoke whose deliveries lately ended at once. */
function quickLane(spoke = 'erp'): SpokeLane {
  const lane = new SpokeLane(spoke);
  lane.finished(lane.began(performance.now()), performance.now());
  return lane;
}

function lines({ max = 1_000, slots = 10, free = Number.POSITIVE_INFINITY }: { max?: number; slots?: number; free?: number } = {}) {
  return createReadyLines({ max, slotsOf: () => slots, freeOf: (_lane, wanted) => Math.min(wanted, free) });
}

/** Reserves until it is refused. */
function fill(ready: ReturnType<typeof lines>, lane: SpokeLane, bytes = 0): number {
  for (let count = 0; ; count++) if (count > 10_000 || !ready.reserve(lane, bytes)) return count;
}

describe('what is kept ready', () => {
  it('is bounded in number over all spokes', () => {
    const ready = lines({ max: 15 });
    expect([fill(ready, new SpokeLane('a')), fill(ready, new SpokeLane('b')), fill(ready, new SpokeLane('c'))]).toEqual([10, 5, 0]);
    expect(ready.size()).toBe(15);
  });

  it('is bounded in bytes until the deliveries have ended, not only started', () => {
    const ready = lines();
    const lane = new SpokeLane('erp');
    expect(ready.reserve(lane, 16 * MIB + 1)).toBe(false);
    expect(ready.reserve(lane, 16 * MIB)).toBe(true);
    expect(ready.reserve(lane, 1)).toBe(false);
    expect(ready.reserve(lane, 0)).toBe(true);
    ready.release(lane, 0);
    ready.add(lane, lease(), 0);
    ready.take(lane, 1);
    expect(ready.reserve(lane, 1)).toBe(false);
    ready.ended(16 * MIB);
    expect(ready.reserve(lane, 16 * MIB)).toBe(true);
    ready.release(lane, 16 * MIB);
    expect([ready.size(), ready.reserve(lane, 16 * MIB)]).toEqual([0, true]);
  });

  it('is never ahead of what waits already', () => {
    const ready = lines();
    const lane = quickLane();
    lane.offer('known by id');
    expect(ready.reserve(lane, 1)).toBe(false);
    lane.take(1);
    expect(ready.reserve(lane, 1)).toBe(true);
    lane.overflowed = true;
    expect(ready.reserve(lane, 1)).toBe(false);
  });

  it('fills the slots of a spoke, and waits behind them only where it was quick lately', () => {
    expect(fill(lines(), new SpokeLane('erp'))).toBe(10);
    expect(fill(lines(), quickLane())).toBe(20);
    expect(fill(lines({ slots: 600, max: 5_000 }), quickLane())).toBe(600);
    const full = quickLane();
    full.active = 600;
    expect(fill(lines({ slots: 600, max: 5_000 }), full)).toBe(256);
    const hangs = quickLane();
    hangs.active = 10;
    hangs.began(performance.now() - 2_000);
    expect(fill(lines(), hangs)).toBe(0);
  });

  it('takes no more than the gates of the spoke let through', () => {
    expect(fill(lines({ free: 3 }), new SpokeLane('erp'))).toBe(3);
    expect(fill(lines({ free: 0 }), quickLane())).toBe(0);
  });

  it('takes nothing for a spoke that takes nothing', () => {
    expect(fill(lines({ slots: 0 }), quickLane())).toBe(0);
  });

  it('gives out in the order of arrival, lane by lane', () => {
    const ready = lines();
    const [a, b] = [new SpokeLane('a'), new SpokeLane('b')];
    for (const id of ['1', '2', '3']) {
      ready.reserve(a, 1);
      ready.add(a, lease(id), 7);
    }
    ready.reserve(b, 1);
    expect(ready.waiting()).toEqual([expect.objectContaining({ lane: a, count: 3, sinceMs: 7 })]);
    expect(ready.take(a, 2).map((each) => each.delivery.id)).toEqual(['1', '2']);
    expect(ready.take(b, 5)).toEqual([]);
    expect(ready.take(a, Number.POSITIVE_INFINITY).map((each) => each.delivery.id)).toEqual(['3']);
    expect([ready.waiting(), ready.size()]).toEqual([[], 1]);
  });

  it('whatever happens in which order: its books balance and its bounds hold', () => {
    const step = fc.record({ lane: fc.nat(2), what: fc.constantFrom('reserve', 'add', 'release', 'take', 'end'), bytes: fc.nat(6 * MIB) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const ready = lines({ max: 12, slots: 4 });
        const all = [quickLane('a'), quickLane('b'), new SpokeLane('c')].map((lane) => ({
          lane,
          places: [0].slice(1),
          line: [0].slice(1),
        }));
        const started: number[] = [];
        const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0);
        for (const { lane: n, what, bytes } of steps) {
          const of = all[n];
          if (of === undefined) continue;
          if (what === 'reserve' && ready.reserve(of.lane, bytes)) of.places.push(bytes);
          if (what === 'release') {
            const last = of.places.pop();
            if (last !== undefined) ready.release(of.lane, last);
          }
          if (what === 'add') {
            const first = of.places.shift();
            if (first === undefined) continue;
            of.line.push(first);
            ready.add(of.lane, lease(), 0);
          }
          if (what === 'take') started.push(...of.line.splice(0, ready.take(of.lane, 2).length));
          if (what === 'end') {
            const first = started.shift();
            if (first !== undefined) ready.ended(first);
          }
          const kept = all.flatMap(({ places, line }) => [...places, ...line]);
          expect(ready.size()).toBe(kept.length);
          expect(kept.length).toBeLessThanOrEqual(12);
          expect(sum(kept) + sum(started)).toBeLessThanOrEqual(16 * MIB);
        }
        for (const { lane, places, line } of all) {
          for (const bytes of places) ready.release(lane, bytes);
          expect(ready.take(lane, 100)).toHaveLength(line.length);
          for (const bytes of line) ready.ended(bytes);
        }
        for (const bytes of started) ready.ended(bytes);
        expect([ready.size(), ready.waiting()]).toEqual([0, []]);
        expect(ready.reserve(new SpokeLane('d'), 16 * MIB)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
