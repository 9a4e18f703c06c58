/** What a message weighs in its batch: what the process has to do when it is stored. */
import type { OpenMessage } from './take-over.ts';

/** So many bytes are as much work as another delivery: what many large bodies would hold up in one go is spread over several batches. */
const BYTES_OF_ONE = 8 * 1024;

/** The deliveries that begin with it, and its body at 8 KiB for one more. */
export function messageWeight({ message }: OpenMessage): number {
  let due = 0;
  for (const { state } of message.deliveries) if (state === 'pending') due += 1;
  return due + message.size / BYTES_OF_ONE;
}
