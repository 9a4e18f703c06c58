import { recordingLogger } from '@nave/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLoadGuard, type LoadSignals } from './load-guard.ts';

const CALM: LoadSignals = { waiting: 0, oldestWaitMs: 0, loopDelayMs: 0, heapShare: 0.2, bodyShare: 0 };
/** As a saturated benchmark of 128 connections looks. */
const BUSY: LoadSignals = { waiting: 512, oldestWaitMs: 80, loopDelayMs: 60, heapShare: 0.5, bodyShare: 0.05 };

function set() {
  const state = { now: 0, signals: CALM, random: 0 };
  const logger = recordingLogger();
  const shed: string[] = [];
  const guard = createLoadGuard({
    ...{ signals: () => state.signals, now: () => state.now, random: () => state.random, logger },
    onShed: (reason) => shed.push(reason),
  });
  const sample = (signals: Partial<LoadSignals>, times = 1) => {
    state.signals = { ...CALM, ...signals };
    for (let i = 0; i < times; i++) {
      state.now += 100;
      guard.sample();
    }
  };
  return { guard, sample, state, shed, lines: logger.lines };
}

describe('load shedding', () => {
  it('lets everything in when the load is that of a busy hub', () => {
    const { guard, sample, lines } = set();
    sample(BUSY, 100);
    expect(guard.refusal()).toBeNull();
    expect(lines).toEqual([]);
  });

  it.each([
    ['waiting', { waiting: 8_001 }, { waiting: 3_999 }],
    ['commit', { oldestWaitMs: 2_001 }, { oldestWaitMs: 499 }],
    ['event-loop', { loopDelayMs: 1_001 }, { loopDelayMs: 499 }],
    ['bodies', { bodyShare: 0.91 }, { bodyShare: 0.59 }],
  ] as const)('refuses because of %s until it is clearly better', (reason, high, low) => {
    const { guard, sample, shed, lines } = set();
    sample(high, 2);
    expect(guard.shedding()).toBe(reason);
    expect(guard.refusal()).toMatchObject({ code: 'limit.overload', category: 'unavailable' });
    const between = Object.fromEntries(Object.entries(high).map(([name, value]) => [name, value * 0.7]));
    sample(between, 50);
    expect(guard.shedding()).toBe(reason);
    sample(low, 1);
    expect(guard.refusal()).toBeNull();
    expect(shed).toEqual([reason]);
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
    expect(lines[1]?.fields).toMatchObject({ refused: 1 });
  });

  it('takes one long pause of the process for no load', () => {
    const { guard, sample } = set();
    for (let i = 0; i < 10; i++) {
      sample({ loopDelayMs: 30_000, oldestWaitMs: 30_000, heapShare: 0.95 });
      sample(CALM);
      expect(guard.shedding()).toBeNull();
    }
  });

  it('goes on for a second at least', () => {
    const { guard, sample } = set();
    sample({ waiting: 9_000 });
    sample(CALM, 9);
    expect(guard.shedding()).toBe('waiting');
    sample(CALM, 1);
    expect(guard.shedding()).toBeNull();
  });

  it('lets one message in per 100 ms while memory is short, so that it cannot be short for ever', () => {
    const { guard, sample, state } = set();
    sample({ heapShare: 0.91 }, 2);
    const taken = Array.from({ length: 100 }, () => {
      state.now += 10;
      return guard.refusal();
    }).filter((refusal) => refusal === null);
    expect(taken).toHaveLength(10);
  });

  it('asks to come back after 1 to 5 s', () => {
    const { guard, sample, state } = set();
    sample({ waiting: 9_000 });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        state.random = random;
        const seconds = guard.refusal()?.retryAfterSeconds ?? 0;
        expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 5).toBe(true);
      }),
    );
  });

  it('never sheds when nothing was above a start, and always ends when everything is calm', () => {
    const signals = fc.record({
      waiting: fc.nat(12_000),
      oldestWaitMs: fc.nat(4_000),
      loopDelayMs: fc.nat(2_000),
      heapShare: fc.double({ min: 0, max: 1, noNaN: true }),
      bodyShare: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(signals, { maxLength: 40 }), (course) => {
        const { guard, sample } = set();
        let high = false;
        for (const each of course) {
          sample(each);
          high ||=
            each.waiting > 8_000 || each.oldestWaitMs > 2_000 || each.loopDelayMs > 1_000 || each.heapShare > 0.9 || each.bodyShare > 0.9;
          if (!high) expect(guard.shedding()).toBeNull();
        }
        sample(CALM, 10);
        expect(guard.shedding()).toBeNull();
      }),
    );
  });
});
