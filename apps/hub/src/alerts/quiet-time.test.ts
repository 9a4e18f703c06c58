import { describe, expect, it } from 'vitest';
import { isQuiet, isTimezone, type QuietTime } from './quiet-time.ts';

const night: QuietTime = { days: [], from: '22:00', to: '06:00', timezone: 'Europe/Prague' };
const at = (text: string) => Date.parse(text);

describe('quiet times', () => {
  it.each([
    // Prague is UTC+1 in winter.
    ['2026-11-21T20:59:59Z', false],
    ['2026-11-21T21:00:00Z', true],
    ['2026-11-22T04:59:59Z', true],
    ['2026-11-22T05:00:00Z', false],
    // UTC+2 in summer.
    ['2026-07-01T19:59:00Z', false],
    ['2026-07-01T20:00:00Z', true],
    // The night the clocks go forward is an hour shorter, the one they go back an hour longer: both end at six by the wall.
    ['2026-03-29T03:59:00Z', true],
    ['2026-03-29T04:00:00Z', false],
    ['2026-10-25T04:59:00Z', true],
    ['2026-10-25T05:00:00Z', false],
  ])('hold by the wall clock, over midnight and changes of the clocks: %s is %s', (now, quiet) => {
    expect(isQuiet([night], at(now))).toBe(quiet);
  });

  it('belong to the day they start on', () => {
    const friday: QuietTime = { ...night, days: ['fri'], timezone: 'UTC' };
    // 2026-11-20 is a Friday.
    expect(
      ['2026-11-20T05:00:00Z', '2026-11-20T22:00:00Z', '2026-11-21T05:59:00Z', '2026-11-21T22:00:00Z'].map((now) =>
        isQuiet([friday], at(now)),
      ),
    ).toEqual([false, true, true, false]);
  });

  it('cover within a day what lies between, and a whole day when both ends are the same', () => {
    const lunch: QuietTime = { days: [], from: '12:00', to: '13:00', timezone: 'UTC' };
    expect([11, 12, 13].map((hour) => isQuiet([lunch], at(`2026-11-20T${hour}:30:00Z`)))).toEqual([false, true, false]);
    const sunday: QuietTime = { days: ['sun'], from: '00:00', to: '00:00', timezone: 'UTC' };
    expect(
      ['2026-11-21T23:59:00Z', '2026-11-22T00:00:00Z', '2026-11-22T23:59:00Z', '2026-11-23T00:00:00Z'].map((now) =>
        isQuiet([sunday], at(now)),
      ),
    ).toEqual([false, true, true, false]);
  });

  it('know time zones from words', () => {
    expect(['Europe/Prague', 'UTC', 'America/New_York'].map(isTimezone)).toEqual([true, true, true]);
    expect(['Mars/Phobos', '', 'x'.repeat(64)].map(isTimezone)).toEqual([false, false, false]);
  });
});
