import { describe, expect, it } from 'vitest';
import { allToggled, rangeSelected, selectedShare, toggled } from './row-selection.ts';

const keys = ['a', 'b', 'c', 'd', 'e'];
const set = (text: string) => new Set(text);

describe('choosing rows', () => {
  it('toggles one, and leaves the set it was given alone', () => {
    const before = set('a');
    expect(toggled(before, 'b')).toEqual(set('ab'));
    expect(toggled(before, 'a')).toEqual(set(''));
    expect(before).toEqual(set('a'));
  });

  it('chooses a range in both directions', () => {
    expect(rangeSelected(set('b'), keys, 'b', 'd')).toEqual(set('bcd'));
    expect(rangeSelected(set('d'), keys, 'd', 'b')).toEqual(set('bcd'));
  });

  it('takes a range away when the last one was taken away', () => {
    expect(rangeSelected(set('abcde'.replace('b', '')), keys, 'b', 'd')).toEqual(set('ae'));
  });

  it('toggles one when the other end is gone', () => {
    expect(rangeSelected(set(''), keys, 'x', 'd')).toEqual(set('d'));
    expect(rangeSelected(set(''), keys, null, 'd')).toEqual(set('d'));
  });

  it('toggles all, and keeps what is chosen elsewhere', () => {
    expect(allToggled(set('ax'), keys)).toEqual(set('abcdex'));
    expect(allToggled(set('abcdex'), keys)).toEqual(set('x'));
  });

  it('tells all from some from none', () => {
    expect(selectedShare(set('abcde'), keys)).toBe('all');
    expect(selectedShare(set('a'), keys)).toBe('some');
    expect(selectedShare(set('x'), keys)).toBe('none');
    expect(selectedShare(set('a'), [])).toBe('none');
  });
});
