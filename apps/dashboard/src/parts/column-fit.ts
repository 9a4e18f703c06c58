/** Which columns of a table fit into the width there is, and how wide each becomes. */
import type { ReactNode } from 'react';

/** A column of a DataTable. Keep the list of them stable (outside of the component, or in useMemo): rows are drawn anew when it changes. */
export interface Column<T> {
  id: string;
  header: string;
  /** Text, badges, times. The first column becomes the link of its row, so it must not have links or buttons in it. */
  cell: (row: T) => ReactNode;
  /** Its cells are one run of text or one badge: the browser lays that out in two thirds of the time. For lists that change often. */
  plain?: boolean;
  /** Pixels at least; default 120. */
  width?: number;
  /** Share of the room that is left; default 0. With none that grows the first column takes it. */
  grow?: number;
  align?: 'left' | 'right';
  /** Its header sorts, where the table has `onSort`; default false. */
  sortable?: boolean;
  /** Default true, except for the first. */
  hideable?: boolean;
  hiddenByDefault?: boolean;
  /** Lower ones vanish first where there is little room; default 1. The first column always stays. */
  priority?: number;
}

export interface FittedColumn<C> {
  column: C;
  /** Whole pixels. */
  width: number;
}

/** What a column says about its width. */
export type ColumnWidth = Pick<Column<never>, 'width' | 'grow' | 'priority'>;

const WIDTH = 120;
/** A card has no room for more beside its main cell. */
const CARD_CELLS = 3;

/**
 * Drops what does not fit, lowest priority first (of equals the last one), and shares what is left.
 * @param room pixels
 */
export function fitColumns<C extends ColumnWidth>(columns: readonly C[], room: number): FittedColumn<C>[] {
  const shown = [...columns];
  while (shown.length > 1 && sumOf(shown, widthOf) > room) shown.splice(leastOf(shown), 1);
  const left = Math.max(0, Math.floor(room) - sumOf(shown, widthOf));
  const growth = sumOf(shown, ({ grow = 0 }) => grow);
  const extra = shown.map(({ grow = 0 }, index) => (growth > 0 ? Math.floor((left * grow) / growth) : index === 0 ? left : 0));
  // What rounding left over, so that the columns fill the width to the pixel.
  const rest = left - sumOf(extra, (one) => one);
  const taker = growth > 0 ? shown.findIndex(({ grow = 0 }) => grow > 0) : 0;
  return shown.map((column, index) => ({ column, width: widthOf(column) + (extra[index] ?? 0) + (index === taker ? rest : 0) }));
}

/** The columns of a card: the first, and the most important of the others, in their order. */
export function cardColumns<C extends ColumnWidth>(columns: readonly C[]): C[] {
  const [first, ...others] = columns;
  if (first === undefined) return [];
  const ranked = [...others].sort((a, b) => (b.priority ?? 1) - (a.priority ?? 1)).slice(0, CARD_CELLS);
  return [first, ...others.filter((one) => ranked.includes(one))];
}

/** The last one of the lowest priority; never the first column. */
function leastOf(columns: readonly ColumnWidth[]): number {
  let least = 1;
  for (const [index, { priority = 1 }] of columns.entries()) {
    if (index > 0 && priority <= (columns[least]?.priority ?? 1)) least = index;
  }
  return least;
}

function widthOf({ width = WIDTH }: ColumnWidth): number {
  return width;
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
