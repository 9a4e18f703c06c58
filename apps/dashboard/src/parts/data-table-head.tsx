/** The header of a table: it stays at the top; for cards only screen readers have it. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Column, FittedColumn } from './column-fit.ts';
import styles from './data-table.module.css';
import type { DataTableSelection } from './data-table.tsx';
import { useTableTexts } from './data-table-texts.ts';
import { allToggled, selectedShare } from './row-selection.ts';

export interface DataTableHeadProps<T> {
  columns: readonly FittedColumn<Column<T>>[];
  hidden: boolean;
  selection: DataTableSelection | undefined;
  rows: readonly T[];
  rowKey: (row: T) => string;
  sort: { by: string; descending: boolean } | null;
  onSort: ((columnId: string) => void) | undefined;
}

export function DataTableHead<T>({ columns, hidden, selection, rows, rowKey, sort, onSort }: DataTableHeadProps<T>) {
  const t = useTableTexts();
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the grid
    <div role="rowgroup" className={hidden ? 'visually-hidden' : styles['head']}>
      {/** biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: as the grid */}
      <div role="row" className={styles['headRow']} aria-rowindex={1}>
        {selection === undefined ? null : (
          // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: as the grid
          <div role="columnheader" className={`${styles['cell']} ${styles['check']}`}>
            {hidden ? t.toggle : <SelectAll label={t.selectAll} selection={selection} keys={() => rows.map(rowKey)} />}
          </div>
        )}
        {columns.map(({ column }) => (
          // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: as the grid
          <div
            key={column.id}
            role="columnheader"
            className={`${styles['cell']} ${column.align === 'right' ? styles['right'] : ''}`}
            {...(sort?.by === column.id ? { 'aria-sort': sort.descending ? ('descending' as const) : ('ascending' as const) } : {})}
          >
            {column.sortable === true && onSort !== undefined && !hidden ? (
              <button type="button" className={styles['sort']} onClick={() => onSort(column.id)}>
                <span className={styles['headText']}>{column.header}</span>
                {sort?.by !== column.id ? null : sort.descending ? <ArrowDown aria-hidden /> : <ArrowUp aria-hidden />}
              </button>
            ) : (
              <span className={styles['headText']}>{column.header}</span>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function SelectAll({ label, selection, keys }: { label: string; selection: DataTableSelection; keys: () => string[] }) {
  const share = selection.selected.size === 0 ? 'none' : selectedShare(selection.selected, keys());
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = share === 'some';
  }, [share]);
  return (
    <label>
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        checked={share === 'all'}
        onChange={() => selection.onSelected(allToggled(selection.selected, keys()))}
      />
    </label>
  );
}
