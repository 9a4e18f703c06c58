/** Comparing secrets without telling by time how much of a guess was right. */
import { timingSafeEqual } from 'node:crypto';

/** Whether two values hold the same bytes; texts are compared as UTF-8. Only the length of the expected value can be learnt from the time it takes. */
export function constantTimeEqual(left: Uint8Array | string, right: Uint8Array | string): boolean {
  const a = typeof left === 'string' ? Buffer.from(left) : left;
  const b = typeof right === 'string' ? Buffer.from(right) : right;
  return a.length === b.length && timingSafeEqual(a, b);
}
