/** Where in a text a problem is shown, whether it names offsets, a line or nothing. */
export interface EditorProblem {
  /** Offset of its first character. */
  from?: number;
  /** Offset after its last one. Omitted: the end of the line. */
  to?: number;
  /** Counted from 1, where no offset is known. */
  line?: number;
  message: string;
}

/** Finds a line of a text; editors answer it without reading the whole text. */
export interface LineFinder {
  readonly length: number;
  readonly lines: number;
  line(number: number): { from: number; to: number };
  lineAt(offset: number): { from: number; to: number };
}

/** A range inside of the text, at least one character long where there is one. A problem without a place is shown on the first line. */
export function problemRange({ from, to, line }: EditorProblem, text: LineFinder): { from: number; to: number } {
  if (from === undefined) {
    const whole = text.line(clamp(line ?? 1, 1, text.lines));
    return { from: whole.from, to: whole.to };
  }
  const start = clamp(from, 0, text.length);
  const end = clamp(to ?? text.lineAt(start).to, start, text.length);
  if (end > start) return { from: start, to: end };
  return start < text.length ? { from: start, to: start + 1 } : { from: Math.max(0, start - 1), to: start };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(Number.isFinite(value) ? Math.trunc(value) : low, low), high);
}
