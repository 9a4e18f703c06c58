import { describe, expect, it } from 'vitest';
import { cardColumns, fitColumns } from './column-fit.ts';

const columns = [
  { id: 'id', width: 100 },
  { id: 'type', width: 100, grow: 1, priority: 2 },
  { id: 'age', width: 100, priority: 0 },
  { id: 'state', width: 100, grow: 1, priority: 3 },
];
const at = (room: number) => fitColumns(columns, room).map(({ column, width }) => [column.id, width]);

describe('fitting columns', () => {
  it('shares what is left among those that grow, to the pixel', () => {
    expect(at(501)).toEqual([
      ['id', 100],
      ['type', 151],
      ['age', 100],
      ['state', 150],
    ]);
  });

  it('drops the lowest priority first', () => {
    expect(at(399).map(([id]) => id)).toEqual(['id', 'type', 'state']);
    expect(at(299).map(([id]) => id)).toEqual(['id', 'state']);
  });

  it('always keeps the first, whatever its priority', () => {
    expect(at(10)).toEqual([['id', 100]]);
    expect(at(0)).toEqual([['id', 100]]);
  });

  it('drops the last of equals', () => {
    const equal = [
      { id: 'a', width: 50 },
      { id: 'b', width: 50 },
      { id: 'c', width: 50 },
    ];
    expect(fitColumns(equal, 100).map(({ column }) => column.id)).toEqual(['a', 'b']);
  });

  it('lets the first take the room when none grows', () => {
    expect(fitColumns([{ id: 'a', width: 50 }, { id: 'b' }], 300).map(({ width }) => width)).toEqual([180, 120]);
  });

  it('is nothing without columns', () => {
    expect(fitColumns([], 300)).toEqual([]);
  });
});

it('a card has the main cell and the most important others, in their order', () => {
  const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, index) => ({ id, priority: index === 1 ? 0 : 1 }));
  expect(cardColumns(many).map(({ id }) => id)).toEqual(['a', 'c', 'd', 'e']);
});
