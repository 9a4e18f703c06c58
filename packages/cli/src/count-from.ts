/** A whole number out of an option. */
import { Complaint } from './complaint.ts';
import { EXIT } from './exit-codes.ts';

const COUNT_MAX = 10_000;

/** @throws Complaint for anything but 1 to 10,000 */
export function countFrom(text: string | undefined, option: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > COUNT_MAX)
    throw new Complaint(EXIT.usage, `--${option} takes a whole number from 1 to ${COUNT_MAX}; got "${text}"`);
  return count;
}
