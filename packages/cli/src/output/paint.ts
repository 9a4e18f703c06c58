/** Colours of a terminal (ECMA-48 SGR); none where colour is off. */
import type { Io } from '../io.ts';

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;
export type Colour = keyof typeof CODES;

export function paint({ colour }: Pick<Io, 'colour'>, name: Colour, text: string): string {
  return colour && text !== '' ? `\u001b[${CODES[name]}m${text}\u001b[0m` : text;
}
