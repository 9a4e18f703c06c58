/** The list of every screen: virtual rows that stay smooth at 50,000, a keyboard row cursor, columns that fit, live rows that do not jump. */
import { useRouter } from '@tanstack/react-router';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { type CSSProperties, type ReactNode, useEffect, useEffectEvent, useId, useLayoutEffect, useMemo, useRef } from 'react';
import { Button } from './button.tsx';
import type { Column } from './column-fit.ts';
import styles from './data-table.module.css';
import { DataTableColumns } from './data-table-columns.tsx';
import { DataTableHead } from './data-table-head.tsx';
import { DataTableRow } from './data-table-row.tsx';
import { useTableTexts } from './data-table-texts.ts';
import type { Selected } from './row-selection.ts';
import { Skeleton, SkeletonRows } from './skeleton.tsx';
import { useColumns } from './use-columns.ts';
import { useMedia } from './use-media.ts';
import { useReadingPlace } from './use-reading-place.ts';
import { useRowCursor } from './use-row-cursor.ts';
import { useRowKeys } from './use-row-keys.ts';
import { useSize } from './use-size.ts';

export type { Column } from './column-fit.ts';
export type { Selected } from './row-selection.ts';

const ROW = 36;
const CARD = 60;
const HEAD = 32;
const CHECK = 36;
/** The button of the columns' menu. */
const COLUMNS = 34;
/** Rows beyond the edge. At the top only few: there all of them are drawn anew when many messages come. */
const OVERSCAN = 8;
const OVERSCAN_AT_TOP = 2;
/** So many rows before the end, more are asked for. */
const NEAR_END = 30;

export interface DataTableSelection {
  /** Keys of rows. */
  selected: Selected;
  onSelected: (selected: Selected) => void;
  /** Shown beside the count while something is selected. */
  actions?: ReactNode;
}

export interface RowKey<T> {
  keys: string;
  description: string;
  run: (row: T) => void;
}

export interface DataTableProps<T> {
  /** What the rows are, for screen readers: `Messages`. */
  label: string;
  rows: readonly T[];
  /** Keep the list stable: outside of the component, or in useMemo. */
  columns: readonly Column<T>[];
  /** Keep it stable, too. */
  rowKey: (row: T) => string;
  /** The page of a row: its first cell becomes a link to it. */
  rowHref?: (row: T) => string;
  /** A plain click or Enter; without it they follow `rowHref`. */
  onOpen?: (row: T) => void;
  /** The row under the cursor, for keys of the page. */
  onCursor?: (row: T | null) => void;
  /** The row that is open beside the list. */
  openKey?: string | null;
  /** The reader nears the end: read the next page. */
  onEnd?: () => void;
  hasMore?: boolean;
  loadingMore?: boolean;
  /** The first page is being read: skeletons in place of rows. */
  loading?: boolean;
  /** Under what the choice of columns is remembered; one a list. */
  storageKey: string;
  /** Shown when there are no rows: an EmptyState. */
  empty: ReactNode;
  selection?: DataTableSelection;
  /** Rows that came above and were not seen: those held back by the caller. Without it the table counts those that were inserted. */
  newCount?: number;
  /** The reader wants to see them, or is at the top anyway. */
  onShowNew?: () => void;
  /** Whether the reader is at the top, where new rows need not be held back. Keep it stable. */
  onAtTop?: (atTop: boolean) => void;
  /** Above the rows, at the left. */
  toolbar?: ReactNode;
  /** Beneath the rows, such as an ErrorNote for the next page. */
  footer?: ReactNode;
  /** As high as its rows (60 % of the window at most) in place of filling its parent, a flex column. */
  fit?: boolean;
  /** What the rows are sorted by, and what a click on a `sortable` header asks for. The caller sorts. */
  sort?: { by: string; descending: boolean } | null;
  onSort?: (columnId: string) => void;
  /** More keys that act on the row of the cursor (else the open one), such as `p`. */
  rowKeys?: readonly RowKey<T>[];
  /** Whether j, k and x mean this table wherever the focus is; default true. False for a second table of a page. */
  pageKeys?: boolean;
}

const NO_KEYS: readonly never[] = [];

export function DataTable<T>(props: DataTableProps<T>) {
  const { toolbar, footer, empty, rows, loading = false, fit = false } = props;
  return (
    <div className={styles['table']} data-fit={fit || undefined}>
      {toolbar === undefined ? null : <div className={styles['toolbar']}>{toolbar}</div>}
      {rows.length > 0 ? (
        <Grid {...props} />
      ) : loading ? (
        <SkeletonRows rows={12} height={20} />
      ) : (
        <div className={styles['empty']}>{empty}</div>
      )}
      {footer}
    </div>
  );
}

/** Over the header (at the foot of cards), so that nothing moves when the first row is selected. */
function SelectionBar({ selection, right }: { selection: DataTableSelection; right: number }) {
  const t = useTableTexts();
  return (
    <div className={styles['selection']} style={{ right }}>
      <strong role="status">{t.selected(selection.selected.size)}</strong>
      {selection.actions}
      <Button size="small" tone="ghost" onClick={() => selection.onSelected(new Set())}>
        {t.clear}
      </Button>
    </div>
  );
}

function Grid<T>(props: DataTableProps<T>) {
  const { label, rows, columns, rowKey, rowHref, onOpen, openKey = null, onEnd, hasMore = false, loadingMore = false, storageKey } = props;
  const { selection, newCount, onShowNew, pageKeys = true, sort = null, onSort, rowKeys = NO_KEYS } = props;
  const t = useTableTexts();
  const router = useRouter();
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const cards = useMedia('(max-width: 640px)');
  const rowHeight = cards ? CARD : ROW;
  const head = cards ? 0 : HEAD;
  const { inner, bar } = useSize(scroller, true);
  const check = selection === undefined ? 0 : CHECK;
  const { shown, choices } = useColumns(columns, storageKey, inner - check, cards);
  const cursor = useRowCursor(rows, rowKey);
  const place = useReadingPlace(scroller, rows, rowKey, rowHeight, cursor.index !== null);
  const cursorIndex = cursor.index;
  useCursorTold(cursorIndex === null ? null : (rows[cursorIndex] ?? null), props.onCursor);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: place.scrolled ? OVERSCAN : OVERSCAN_AT_TOP,
    scrollMargin: head,
    scrollPaddingStart: head,
    // The row of the cursor is always there: the grid points to it.
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range);
      return cursorIndex === null || seen.includes(cursorIndex) ? seen : [...seen, cursorIndex].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height means new measures
  useLayoutEffect(() => virtual.measure(), [rowHeight]);

  const open = (row: T, newTab: boolean) => {
    const href = rowHref?.(row);
    if (newTab) {
      if (href !== undefined) window.open(href, '_blank', 'noopener');
    } else if (onOpen !== undefined) onOpen(row);
    else if (href !== undefined) router.history.push(href);
  };
  const keys = useRowKeys({
    rows,
    rowKey,
    cursor,
    selection,
    scroller,
    pageKeys,
    rowKeys,
    openKey,
    page: Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 400) - head) / rowHeight) - 1),
    opens: onOpen !== undefined || rowHref !== undefined,
    open,
    show: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  });

  const items = virtual.getVirtualItems();
  const last = items.findLast(({ index }) => index !== cursorIndex)?.index ?? 0;
  useNextPage(last, rows.length, hasMore && !loadingMore, onEnd);
  const fresh = newCount ?? place.unseen;
  useSeenAtTop(!place.scrolled && (newCount ?? 0) > 0, onShowNew);
  useEffect(() => props.onAtTop?.(!place.scrolled), [place.scrolled, props.onAtTop]);

  const style: CSSProperties & Record<'--columns', string> = useMemo(
    () => ({ '--columns': [...(check > 0 ? [check] : []), ...shown.map(({ width }) => width)].map((width) => `${width}px`).join(' ') }),
    [shown, check],
  );
  return (
    <div className={styles['frame']}>
      {/** biome-ignore lint/a11y/useSemanticElements: only some rows are in the document, and keys move among all of them */}
      <div
        ref={scroller}
        role="grid"
        className={styles['scroller']}
        style={style}
        tabIndex={0}
        aria-label={label}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        aria-colcount={shown.length + (selection === undefined ? 0 : 1)}
        aria-busy={loadingMore || undefined}
        {...(selection === undefined ? {} : { 'aria-multiselectable': true })}
        {...(cursorIndex === null ? {} : { 'aria-activedescendant': `${gridId}-${cursorIndex}` })}
        onScroll={place.onScroll}
        onFocus={keys.onFocus}
        onKeyDown={keys.onKeyDown}
        onClick={keys.onClick}
        onAuxClick={keys.onAuxClick}
        onMouseDown={keys.onMouseDown}
      >
        <DataTableHead columns={shown} hidden={cards} selection={selection} rows={rows} rowKey={rowKey} sort={sort} onSort={onSort} />
        {/** biome-ignore lint/a11y/useSemanticElements: as the grid */}
        <div role="rowgroup" className={styles['body']} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const key = rowKey(row);
            return (
              <DataTableRow
                key={key}
                row={row}
                id={`${gridId}-${index}`}
                index={index}
                start={start - head}
                columns={shown}
                cards={cards}
                href={rowHref?.(row) ?? null}
                opens={onOpen !== undefined}
                cursor={index === cursorIndex}
                open={key === openKey}
                selected={selection === undefined ? null : selection.selected.has(key)}
                selectLabel={t.select}
              />
            );
          })}
        </div>
        {loadingMore ? (
          <div className={styles['more']} aria-hidden>
            <Skeleton height={16} />
          </div>
        ) : null}
      </div>
      {selection === undefined || selection.selected.size === 0 ? null : (
        <SelectionBar selection={selection} right={cards ? bar : bar + COLUMNS} />
      )}
      {cards || choices.length === 0 ? null : <DataTableColumns choices={choices} right={bar} />}
      {fresh > 0 && place.scrolled ? (
        <button
          type="button"
          className={styles['fresh']}
          style={{ top: head + 6 }}
          onClick={() => {
            onShowNew?.();
            place.toTop();
            scroller.current?.focus({ preventScroll: true });
          }}
        >
          <ArrowUp aria-hidden /> {t.fresh(fresh)}
        </button>
      ) : null}
    </div>
  );
}

function useCursorTold<T>(row: T | null, onCursor: ((row: T | null) => void) | undefined): void {
  const tell = useEffectEvent((told: T | null) => onCursor?.(told));
  useEffect(() => tell(row), [row]);
}

/** Asks for the next page once for each end that is neared. */
function useNextPage(last: number, count: number, wanted: boolean, onEnd: (() => void) | undefined): void {
  const ask = useEffectEvent(() => onEnd?.());
  const near = wanted && last >= count - NEAR_END;
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows mean a new end
  useEffect(() => {
    if (near) ask();
  }, [near, count]);
}

/** At the top there is nothing to be kept from moving. */
function useSeenAtTop(due: boolean, onShowNew: (() => void) | undefined): void {
  const show = useEffectEvent(() => onShowNew?.());
  useEffect(() => {
    if (due) show();
  }, [due]);
}
