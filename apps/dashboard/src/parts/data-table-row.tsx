/** One row of a table: as high as all others, or a card of two lines on narrow screens. */
import { type CSSProperties, type ReactNode, useMemo } from 'react';
import type { Column, FittedColumn } from './column-fit.ts';
import styles from './data-table.module.css';

export interface DataTableRowProps<T> {
  row: T;
  id: string;
  /** Among the rows, from 0. */
  index: number;
  /** Pixels from the first row. */
  start: number;
  columns: readonly FittedColumn<Column<T>>[];
  cards: boolean;
  href: string | null;
  /** Opens without an address. */
  opens: boolean;
  cursor: boolean;
  open: boolean;
  /** Null: rows cannot be selected. */
  selected: boolean | null;
  selectLabel: string;
}

export function DataTableRow<T>(props: DataTableRowProps<T>): ReactNode {
  const { row, id, index, start, columns, cards, href, opens, cursor, open, selected, selectLabel } = props;
  const style: CSSProperties = { top: start };
  // Made anew only when what they show changes: not by scrolling, nor by rows that come above.
  const cells = useMemo(
    () =>
      columns.map(({ column }, at) => (
        <Cell
          key={column.id}
          plain={column.plain ?? false}
          className={at === 0 ? styles['main'] : column.align === 'right' ? styles['right'] : ''}
        >
          {at === 0 ? mainCell(column.cell(row), href, opens) : column.cell(row)}
        </Cell>
      )),
    [row, columns, href, opens],
  );
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, and names its row by aria-activedescendant
    // biome-ignore lint/a11y/useSemanticElements: rows of a virtual list cannot be those of a table
    <div
      role="row"
      id={id}
      className={cards ? styles['card'] : styles['row']}
      style={style}
      data-index={index}
      data-cursor={cursor || undefined}
      data-open={open || undefined}
      aria-rowindex={index + 2}
      {...(selected === null ? {} : { 'aria-selected': selected })}
      {...(open ? { 'aria-current': true } : {})}
    >
      {selected === null ? null : (
        <Cell className={styles['check']}>
          <label>
            <input type="checkbox" data-select tabIndex={-1} checked={selected} onChange={ignore} aria-label={selectLabel} />
          </label>
        </Cell>
      )}
      {cells}
    </div>
  );
}

function Cell({ className, plain = false, children }: { className: string | undefined; plain?: boolean; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: rows are what the cursor goes by
    // biome-ignore lint/a11y/useSemanticElements: cells of a virtual list cannot be those of a table
    <div role="gridcell" className={`${plain ? styles['plain'] : styles['cell']} ${className ?? ''}`}>
      {children}
    </div>
  );
}

/** A real link, so that a row can be opened in another tab, copied and read out. Enter opens it from the grid. */
function mainCell(content: ReactNode, href: string | null, opens: boolean): ReactNode {
  if (href !== null) {
    return (
      <a href={href} className={styles['link']} data-main tabIndex={-1}>
        {content}
      </a>
    );
  }
  if (!opens) return content;
  return (
    <button type="button" className={styles['link']} data-main tabIndex={-1}>
      {content}
    </button>
  );
}

/** The grid hears the click, with its modifier keys. */
function ignore(): void {}
