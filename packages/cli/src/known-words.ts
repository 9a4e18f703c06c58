/** Ids and states, checked before the hub is asked: its answer would speak of patterns. */
import type { Arguments } from './command.ts';
import { Complaint } from './complaint.ts';
import { EXIT } from './exit-codes.ts';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws Complaint */
export function idFrom(text: string, what: 'message' | 'delivery'): string {
  if (ID.test(text)) return text;
  throw new Complaint(EXIT.usage, `"${text}" is no id of a ${what}; nave messages --q "${text}" finds a message by its key`);
}

/** Words of an option, each one of the known. @throws Complaint */
export function wordsFrom(args: Arguments, option: string, known: readonly string[]): string[] {
  const words = args.words(option);
  const stranger = words.find((word) => !known.includes(word));
  if (stranger === undefined) return words;
  throw new Complaint(EXIT.usage, `--${option} takes ${known.join(', ')}; got "${stranger}"`);
}
