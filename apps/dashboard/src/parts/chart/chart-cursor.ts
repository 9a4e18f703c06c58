/** Where a key moves the cursor of a chart, and what it chooses. */
export interface CursorState {
  index: number | null;
  /** Where a choice began, while Shift is held. */
  anchor: number | null;
}

export type CursorMove =
  | { kind: 'move'; state: CursorState }
  | { kind: 'zoom'; from: number; to: number }
  | { kind: 'clear' }
  | { kind: 'none' };

/** @param count how many points there are */
export function cursorAfterKey(key: string, shift: boolean, { index, anchor }: CursorState, count: number): CursorMove {
  if (count === 0) return { kind: 'none' };
  if (key === 'Escape') return index === null && anchor === null ? { kind: 'none' } : { kind: 'clear' };
  if (key === 'Enter') {
    if (index === null || anchor === null || index === anchor) return { kind: 'none' };
    return { kind: 'zoom', from: Math.min(index, anchor), to: Math.max(index, anchor) };
  }
  const last = count - 1;
  const at = index ?? last;
  const next = target(key, at, last, index === null);
  if (next === null) return { kind: 'none' };
  return { kind: 'move', state: { index: Math.min(Math.max(next, 0), last), anchor: shift ? (anchor ?? at) : null } };
}

function target(key: string, at: number, last: number, first: boolean): number | null {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return first ? last : at - 1;
    case 'ArrowRight':
    case 'ArrowUp':
      return first ? last : at + 1;
    case 'PageUp':
      return at - 10;
    case 'PageDown':
      return at + 10;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
