/** States look the same everywhere: mark, word, colour (look of Nave, Tokens). */
import type { Io } from '../io.ts';
import { type Colour, paint } from './paint.ts';

const MARKS: Readonly<Record<string, readonly [string, Colour]>> = {
  succeeded: ['✓', 'green'],
  completed: ['✓', 'green'],
  accepted: ['▸', 'blue'],
  active: ['▸', 'blue'],
  pending: ['○', 'dim'],
  retrying: ['↻', 'yellow'],
  held: ['❚', 'dim'],
  unknown: ['?', 'magenta'],
  dead: ['✕', 'red'],
  failed: ['✕', 'red'],
  unrouted: ['–', 'yellow'],
  skipped: ['–', 'dim'],
  cancelled: ['–', 'dim'],
  compensated: ['↩', 'cyan'],
};

export function stateMark(io: Pick<Io, 'colour'>, state: string): string {
  const [mark, colour] = MARKS[state] ?? ['·', 'dim'];
  return paint(io, colour, `${mark} ${state}`);
}
