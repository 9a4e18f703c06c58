/** Keys and clicks of a table: moving the cursor, opening, selecting. Listens on the grid, so rows carry no handlers. */
import { type FocusEvent, type KeyboardEvent, type MouseEvent, type RefObject, useRef } from 'react';
import type { DataTableSelection, RowKey } from './data-table.tsx';
import { useTableTexts } from './data-table-texts.ts';
import { lastInput } from './last-input.ts';
import { moveTo } from './row-moves.ts';
import { rangeSelected, toggled } from './row-selection.ts';
import type { RowCursor } from './use-row-cursor.ts';
import { isTyping, useShortcuts } from './use-shortcuts.ts';

/** What has a click of its own. */
const OWN = 'a, button, input, select, textarea, label, summary, [role="button"], [role="menuitem"]';

export interface RowKeysOptions<T> {
  rows: readonly T[];
  rowKey: (row: T) => string;
  cursor: RowCursor;
  selection: DataTableSelection | undefined;
  scroller: RefObject<HTMLElement | null>;
  pageKeys: boolean;
  rowKeys: readonly RowKey<T>[];
  openKey: string | null;
  /** Rows that are seen at once. */
  page: number;
  /** Whether rows can be opened. */
  opens: boolean;
  open: (row: T, newTab: boolean) => void;
  /** Brings a row into view. */
  show: (index: number) => void;
}

export interface RowKeys {
  onFocus: (event: FocusEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onClick: (event: MouseEvent) => void;
  onAuxClick: (event: MouseEvent) => void;
  onMouseDown: (event: MouseEvent) => void;
}

export function useRowKeys<T>(options: RowKeysOptions<T>): RowKeys {
  const { rows, rowKey, cursor, selection, scroller, pageKeys, rowKeys, openKey, page, opens, open, show } = options;
  const t = useTableTexts();
  const lastToggled = useRef<string | null>(null);

  const move = (key: string): boolean => {
    const next = moveTo(key, cursor.index, rows.length, page);
    if (next === null) return false;
    cursor.put(next);
    show(next);
    return true;
  };
  const select = (index: number | null, range: boolean) => {
    const row = index === null ? undefined : rows[index];
    if (row === undefined || selection === undefined) return;
    const key = rowKey(row);
    const next = range ? rangeSelected(selection.selected, rows.map(rowKey), lastToggled.current, key) : toggled(selection.selected, key);
    lastToggled.current = key;
    selection.onSelected(next);
  };
  const fromPage = (act: () => void) => () => {
    scroller.current?.focus({ preventScroll: true });
    act();
  };
  useShortcuts(
    rowKeys.map(({ keys, description, run }) => ({
      keys,
      description,
      first: true,
      run: () => {
        const row = (cursor.index === null ? undefined : rows[cursor.index]) ?? rows.find((each) => rowKey(each) === openKey);
        if (row !== undefined) run(row);
      },
    })),
  );
  useShortcuts(
    pageKeys
      ? [
          { keys: 'j', description: t.next, first: true, run: fromPage(() => move('j')) },
          { keys: 'k', description: t.previous, first: true, run: fromPage(() => move('k')) },
          ...(opens ? [{ keys: 'Enter', description: t.open }] : []),
          ...(selection ? [{ keys: 'x', description: t.toggle, first: true, run: fromPage(() => select(cursor.index, false)) }] : []),
        ]
      : [],
  );

  return {
    onFocus(event) {
      // Reached by Tab: the cursor shows where one is.
      if (event.target === event.currentTarget && cursor.index === null && lastInput() === 'keyboard') move('Home');
    },
    onKeyDown(event) {
      if (event.altKey || isTyping(event.target)) return;
      const onGrid = event.target === event.currentTarget;
      const row = cursor.index === null ? undefined : rows[cursor.index];
      if (event.key === 'Enter') {
        if (!onGrid || row === undefined || !opens) return;
        open(row, event.ctrlKey || event.metaKey);
      } else if (event.ctrlKey || event.metaKey) return;
      else if (event.key === 'x' || (event.key === ' ' && onGrid)) {
        if (selection === undefined) return;
        select(cursor.index, event.shiftKey);
      } else if (!move(event.key)) return;
      event.preventDefault();
    },
    onClick(event) {
      const at = placeOf(event);
      if (at === null) return;
      const row = rows[at.index];
      if (row === undefined || event.defaultPrevented) return;
      if (at.target.closest('[data-select]') !== null) {
        cursor.put(at.index);
        select(at.index, event.shiftKey);
        return;
      }
      const newTab = event.ctrlKey || event.metaKey;
      const own = at.target.closest(OWN);
      if (own !== null && !own.matches('[data-main]')) return;
      // A link opens other tabs and windows by itself.
      if (own?.matches('a') && (newTab || event.shiftKey || event.altKey)) return;
      if (window.getSelection()?.isCollapsed === false) return;
      event.preventDefault();
      cursor.put(at.index);
      if (opens) open(row, newTab);
    },
    onAuxClick(event) {
      const at = placeOf(event);
      const row = at === null ? undefined : rows[at.index];
      if (event.button !== 1 || at === null || row === undefined || at.target.closest(OWN) !== null) return;
      event.preventDefault();
      open(row, true);
    },
    onMouseDown(event) {
      // The middle button on a row opens it, and must not begin to scroll.
      const at = placeOf(event);
      if (event.button === 1 && at !== null && at.target.closest(OWN) === null) event.preventDefault();
    },
  };
}

/** The row an event is in; null outside of rows, and for events of floating parts that only React takes to be inside. */
function placeOf(event: MouseEvent): { index: number; target: Element } | null {
  const { target, currentTarget } = event;
  if (!(target instanceof Element) || !currentTarget.contains(target)) return null;
  const row = target.closest<HTMLElement>('[data-index]');
  return row === null ? null : { index: Number(row.dataset['index']), target };
}
