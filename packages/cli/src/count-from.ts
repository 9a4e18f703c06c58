/** A whole number out of an option. */
import { Complaint } from './complaint.ts';
import { EXIT } from './exit-codes.ts';

const COUNT_MAX = 10_000;

/** @throws Complaint for anything but 1 to `max` */
export function countFrom(text: string | undefined, option: string, otherwise: number, max = COUNT_MAX): number {
  if (text === undefined) return otherwise;
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > max) throw new Complaint(EXIT.usage, `--${option} takes a whole number from 1 to ${max}; got "${text}"`);
  return count;
}
