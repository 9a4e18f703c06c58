/** Aligned columns. */
import type { Io } from '../io.ts';
import { paint } from './paint.ts';

export interface Column<Row> {
  title: string;
  /** Text of a cell; may hold colours. Make text from outside printable first. */
  text(row: Row): string;
  align?: 'left' | 'right';
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no room.
const COLOURS = /\u001b\[\d+m/g;

/** Head and rows; no trailing spaces. */
export function table<Row>(io: Pick<Io, 'colour'>, columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = rows.map((row) => columns.map((column) => column.text(row)));
  const widths = columns.map(({ title }, index) => Math.max(widthOf(title), ...cells.map((row) => widthOf(row[index] ?? ''))));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => {
        const padding = ' '.repeat(Math.max((widths[index] ?? 0) - widthOf(text), 0));
        return columns[index]?.align === 'right' ? padding + text : text + padding;
      })
      .join('  ')
      .trimEnd();
  return [paint(io, 'dim', line(columns.map(({ title }) => title))), ...cells.map(line)];
}

/** One fact a line: names, then values below each other. */
export function facts(io: Pick<Io, 'colour'>, pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${paint(io, 'dim', name.padEnd(width))}  ${value}`.trimEnd());
}

function widthOf(text: string): number {
  return [...text.replaceAll(COLOURS, '')].length;
}
