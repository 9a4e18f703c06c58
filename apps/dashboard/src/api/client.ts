/** The hub this page came from; the session cookie says who asks. */
import { createClient } from '@nave/sdk';

/** What was asked for while the application was being read (early.ts) is news for so long after the page was opened. */
const EARLY_MS = 5_000;

/** Hands out each early answer once, to the first who asks for the same. */
const fetchOrTake: typeof fetch = async (input, init) => {
  const early = (init?.method ?? 'GET') === 'GET' ? takeEarly(String(input)) : undefined;
  return early === undefined ? fetch(input, init) : early.catch(() => fetch(input, init));
};

function takeEarly(url: string): Promise<Response> | undefined {
  const asked = globalThis.naveEarly;
  if (asked === undefined) return undefined;
  const path = url.slice(window.location.origin.length);
  const answer = asked.get(path);
  asked.delete(path);
  return performance.now() > EARLY_MS ? undefined : answer;
}

export const hub = createClient({ url: window.location.origin, key: null, fetch: fetchOrTake });
