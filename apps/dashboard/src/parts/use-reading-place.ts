/** Nothing jumps: rows that come above do not move what is read, and are counted until the reader goes up to them. */
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { shiftOf } from './row-moves.ts';

export interface ReadingPlace {
  /** Rows that came above since the reader went down. */
  unseen: number;
  /** Whether the list is not at its top. */
  scrolled: boolean;
  onScroll: () => void;
  toTop: () => void;
}

/**
 * @param rowHeight pixels; all rows have the same
 * @param pinned the reader is at a row, even when the list is at its top
 */
export function useReadingPlace<T>(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly T[],
  rowKey: (row: T) => string,
  rowHeight: number,
  pinned: boolean,
): ReadingPlace {
  const before = useRef(rows);
  // Asking the element right after rows were drawn would make the browser lay them out at once, in the same task.
  const known = useRef(0);
  const [unseen, setUnseen] = useState(0);
  const [scrolled, setScrolled] = useState(false);
  const onScroll = useCallback(() => {
    known.current = scroller.current?.scrollTop ?? 0;
    const down = known.current > 0;
    setScrolled(down);
    if (!down) setUnseen(0);
  }, [scroller]);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = rows;
    const element = scroller.current;
    if (element === null || old === rows || old.length === 0) return;
    if (known.current === 0 && !(pinned && element.contains(document.activeElement))) return;
    const top = element.scrollTop;
    const shift = shiftOf(old, rows, Math.floor(top / rowHeight), rowKey);
    if (shift === 0) return;
    element.scrollTop = top + shift * rowHeight;
    known.current = element.scrollTop;
    if (shift > 0) setUnseen((count) => count + shift);
    setScrolled(known.current > 0);
  }, [rows, rowKey, rowHeight, pinned, scroller]);
  const toTop = useCallback(() => {
    scroller.current?.scrollTo({ top: 0 });
    setUnseen(0);
  }, [scroller]);
  return { unseen, scrolled, onScroll, toTop };
}
