import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromZoned, parseTimeRange, SPANS, timeRangeEnds, toZoned } from './time-range.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const PRAGUE = 'Europe/Prague';

const [T10, T11] = ['2026-11-21T10:00:00.000Z', '2026-11-21T11:00:00.000Z'];

describe('a range of time', () => {
  it('is a span up to now', () => {
    expect(parseTimeRange('15m', undefined)).toEqual({ kind: 'last', span: '15m', ms: 900_000 });
    expect(SPANS.map((span) => parseTimeRange(span, undefined)?.kind)).toEqual(SPANS.map(() => 'last'));
    expect(timeRangeEnds('1h', undefined, NOW)).toEqual({ from: T11, to: null });
  });

  it('is two instants, either of which may be missing', () => {
    expect(timeRangeEnds('2026-11-21T11:00:00+01:00', '2026-11-21T11:00Z', NOW)).toEqual({ from: T10, to: T11 });
    expect(timeRangeEnds(T10, undefined, NOW)).toEqual({ from: T10, to: null });
    expect(timeRangeEnds('', T10, NOW)).toEqual({ from: null, to: T10 });
  });

  it.each([
    [undefined, undefined],
    ['', ''],
    ['0m', undefined],
    ['1h', T10],
    ['last hour', undefined],
    ['2026-11-21', undefined],
    ['2026-13-45T10:00:00Z', undefined],
    [T10, 'nonsense'],
    [T11, T10],
  ])('is none from %j to %j', (from, to) => {
    expect(parseTimeRange(from, to)).toBeNull();
    expect(timeRangeEnds(from, to, NOW)).toEqual({ from: null, to: null });
  });

  it('takes any text without failing', () => {
    const text = fc.option(fc.string(), { nil: undefined });
    fc.assert(fc.property(text, text, (from, to) => void timeRangeEnds(from, to, NOW)));
  });
});

describe('times of a zone', () => {
  it('are those its clocks show', () => {
    expect(toZoned('2026-11-21T10:30:00Z', PRAGUE)).toBe('2026-11-21T11:30');
    expect(fromZoned('2026-11-21T11:30', PRAGUE)).toBe('2026-11-21T10:30:00.000Z');
    expect(fromZoned('2026-07-21T11:30', PRAGUE)).toBe('2026-07-21T09:30:00.000Z');
    expect(toZoned('2026-11-21T20:30:00Z', 'Asia/Kathmandu')).toBe('2026-11-22T02:15');
    expect(toZoned('2026-01-01T00:00:00Z', 'UTC')).toBe('2026-01-01T00:00');
  });

  it('of an hour that comes twice are the first', () => {
    expect(fromZoned('2026-10-25T02:30', PRAGUE)).toBe('2026-10-25T00:30:00.000Z');
  });

  it('of an hour that is left out are after it', () => {
    expect(fromZoned('2026-03-29T02:30', PRAGUE)).toBe('2026-03-29T01:30:00.000Z');
  });

  it('come back as they were', () => {
    const zones = fc.constantFrom(PRAGUE, 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC');
    const moments = fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, zones, (moment, zone) => {
        const local = toZoned(moment.toISOString(), zone);
        const back = fromZoned(local, zone);
        expect(back && toZoned(back, zone)).toBe(local);
      }),
    );
  });

  it('are none for what is no time', () => {
    expect(fromZoned('', PRAGUE)).toBeNull();
    expect(fromZoned('2026-13-40T11:30', PRAGUE)).toBeNull();
    expect(fromZoned('tomorrow', PRAGUE)).toBeNull();
  });
});
