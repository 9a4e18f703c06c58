/** What can stand where the cursor is in a JSONata expression: variables and functions after `$`, else names and paths of the data. */
import { HUB_VARIABLES, JSONATA_FUNCTIONS } from './jsonata-functions.ts';

export interface Completion {
  label: string;
  /** Beside it: what a function takes, what a path holds. */
  detail?: string;
}

/** What is being written: the text to replace begins at `from`. */
export type Written = { kind: 'variable' | 'path'; text: string; from: number };

const VARIABLE = /\${1,2}[A-Za-z_0-9]*$/;
const PATH = /(?:\$\$?[A-Za-z_0-9]*\.|[\p{L}_][\p{L}\p{N}_]*\.|`[^`]*`\.)*(?:[\p{L}_][\p{L}\p{N}_]*|`[^`]*)?$/u;

/** @param before the line up to the cursor. Null: nothing that could be completed, such as inside of a text */
export function writtenAt(before: string): Written | null {
  if (insideText(before)) return null;
  const variable = VARIABLE.exec(before)?.[0] ?? '';
  if (variable !== '') return { kind: 'variable', text: variable, from: before.length - variable.length };
  const path = PATH.exec(before)?.[0] ?? '';
  return { kind: 'path', text: path, from: before.length - path.length };
}

/** The functions and variables as completions, each with what it takes or is. */
export function functionCompletions(): Completion[] {
  return Object.entries({ ...JSONATA_FUNCTIONS, ...HUB_VARIABLES }).map(([name, detail]) => ({ label: `$${name}`, detail }));
}

/** Counts the quotes before the cursor; backtick names can be completed, texts can not. */
function insideText(before: string): boolean {
  let open: string | null = null;
  for (let at = 0; at < before.length; at++) {
    const character = before[at];
    if (open === null) {
      if (character === '"' || character === "'" || character === '`') open = character;
    } else if (character === '\\' && open !== '`') at++;
    else if (character === open) open = null;
  }
  return open === '"' || open === "'";
}
