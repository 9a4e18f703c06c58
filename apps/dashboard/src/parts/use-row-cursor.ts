/** The row cursor of a table: known by its row's key, so it stays with its row when others come above. */
import { useCallback, useMemo, useState } from 'react';
import { placeOf } from './row-moves.ts';

export interface RowCursor {
  /** Place of the row; null before the first move, and when there are no rows. */
  index: number | null;
  put: (index: number) => void;
}

export function useRowCursor<T>(rows: readonly T[], rowKey: (row: T) => string): RowCursor {
  const [at, setAt] = useState<{ key: string; index: number } | null>(null);
  const index = useMemo(() => {
    if (at === null || rows.length === 0) return null;
    const found = placeOf(rows, at.key, at.index, rowKey);
    // Its row is gone: the one in its place is next.
    return found === -1 ? Math.min(at.index, rows.length - 1) : found;
  }, [at, rows, rowKey]);
  const put = useCallback(
    (next: number) => {
      const row = rows[next];
      if (row !== undefined) setAt({ key: rowKey(row), index: next });
    },
    [rows, rowKey],
  );
  return { index, put };
}
