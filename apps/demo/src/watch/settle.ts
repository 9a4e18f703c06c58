/** Waits until the hub is done with everything it accepted, and says how each message ended. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Message } from '@nave/api-schema';
import type { HubPort } from './hub-port.ts';
import type { Entry } from './ledger.ts';

export interface Settled {
  entry: Entry;
  /** As the hub last showed it; null when it could not be read. */
  message: Message | null;
}

const PAUSE_MS = 200;
const AT_ONCE = 8;

/**
 * Reads each message until it is `completed`, `failed` or `unrouted`, `patienceMs` at most in all.
 * @param see told each delivery that was read, so that nothing a lost stream would have told is missed
 */
export async function settle(
  entries: readonly Entry[],
  hub: HubPort,
  see: (message: Message) => void,
  patienceMs: number,
): Promise<Settled[]> {
  const deadlineMs = performance.now() + patienceMs;
  const settled: Settled[] = entries.map((entry) => ({ entry, message: null }));
  let open = settled;
  for (;;) {
    for (let from = 0; from < open.length; from += AT_ONCE) await Promise.all(open.slice(from, from + AT_ONCE).map(read));
    open = open.filter(({ message }) => message === null || message.state === 'accepted');
    if (open.length === 0 || performance.now() > deadlineMs) return settled;
    await wait(PAUSE_MS);
  }

  async function read(one: Settled): Promise<void> {
    const id = one.entry.hook.messageId;
    if (id === null) return;
    one.message = await hub.message(id).catch(() => one.message);
    if (one.message) see(one.message);
  }
}
