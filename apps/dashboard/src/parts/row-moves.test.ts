import { describe, expect, it } from 'vitest';
import { moveTo, placeOf, shiftOf } from './row-moves.ts';

describe('the row cursor', () => {
  it('begins at the first row', () => {
    expect(moveTo('j', null, 5, 3)).toBe(0);
    expect(moveTo('ArrowUp', null, 5, 3)).toBe(0);
  });

  it('goes by one, by a page, to the ends, and never out of the list', () => {
    expect(moveTo('ArrowDown', 1, 5, 3)).toBe(2);
    expect(moveTo('k', 1, 5, 3)).toBe(0);
    expect(moveTo('k', 0, 5, 3)).toBe(0);
    expect(moveTo('PageDown', 1, 5, 3)).toBe(4);
    expect(moveTo('PageUp', 1, 5, 3)).toBe(0);
    expect(moveTo('End', 1, 5, 3)).toBe(4);
    expect(moveTo('Home', 3, 5, 3)).toBe(0);
  });

  it('stays for other keys and for empty lists', () => {
    expect(moveTo('q', 1, 5, 3)).toBeNull();
    expect(moveTo('toString', 1, 5, 3)).toBeNull();
    expect(moveTo('j', null, 0, 3)).toBeNull();
  });
});

describe('the place of the reader', () => {
  const key = (row: string) => row;
  const rows = ['a', 'b', 'c', 'd'];

  it('moves by what came above', () => {
    expect(shiftOf(rows, ['y', 'z', ...rows], 2, key)).toBe(2);
  });

  it('stays when rows are only appended or renewed', () => {
    expect(shiftOf(rows, [...rows, 'e'], 2, key)).toBe(0);
    expect(shiftOf(rows, [...rows], 0, key)).toBe(0);
  });

  it('moves up when rows above are gone', () => {
    expect(shiftOf(rows, ['b', 'c', 'd'], 2, key)).toBe(-1);
  });

  it('follows the next row when its own is gone', () => {
    expect(shiftOf(rows, ['z', 'a', 'b', 'd'], 2, key)).toBe(0);
    expect(shiftOf(rows, ['x', 'y', 'z', 'a', 'b', 'd'], 2, key)).toBe(2);
  });

  it('is given up when the list is another one', () => {
    expect(shiftOf(rows, ['q', 'r'], 2, key)).toBe(0);
    expect(shiftOf([], rows, 0, key)).toBe(0);
    expect(shiftOf(rows, [], 2, key)).toBe(0);
  });
});

it('a row is found wherever it went', () => {
  const key = (row: string) => row;
  expect(placeOf(['z', 'a', 'b'], 'a', 0, key)).toBe(1);
  expect(placeOf(['a', 'b', 'c'], 'a', 9, key)).toBe(0);
  expect(placeOf(['a', 'b'], 'q', 1, key)).toBe(-1);
  expect(placeOf([], 'q', 1, key)).toBe(-1);
});
