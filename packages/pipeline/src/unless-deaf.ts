/** Patience with work that was asked to end: some, and then no more. */

/** Milliseconds from the signal until the work is left to itself. */
const DEAF_MS = 1_000;

/** What `work` gives, or null when it goes on although its signal asked it to end: a slot and a lease are not kept for ever by an adapter that does not listen. */
export async function unlessDeaf<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  let listen: (() => void) | undefined;
  const deaf = new Promise<null>((resolve) => {
    listen = () => {
      timer = setTimeout(resolve, DEAF_MS, null);
    };
    if (signal.aborted) listen();
    else signal.addEventListener('abort', listen, { once: true });
  });
  try {
    return await Promise.race([work, deaf]);
  } finally {
    if (listen !== undefined) signal.removeEventListener('abort', listen);
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
