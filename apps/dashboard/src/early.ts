/**
 * Runs before the application is there: asks the hub for what its first screen will ask for. On a busy machine the application takes longer to be read than
 * the hub to answer, so both happen at once. Imports nothing but types, or it would wait for that; api/client.ts takes the answers.
 */

import type { WindowSpan } from './parts/time-range.ts';

declare global {
  /** Answers under way, by path and query. */
  var naveEarly: Map<string, Promise<Response>> | undefined;
}

const TIMEOUT_MS = 20_000;
const WINDOWS: readonly WindowSpan[] = ['15m', '1h', '24h', '7d'];

const asked = new Map<string, Promise<Response>>();
globalThis.naveEarly = asked;

function ask(path: string): Promise<Response> {
  const answer = fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  // Whoever takes it is told what went wrong; when nobody does, nobody needs to know.
  answer.catch(() => undefined);
  asked.set(path, answer);
  return answer;
}

/** What the page of an address asks for first: of the two that people begin with. */
function firstQuestions({ pathname, search }: Location): string[] {
  if (pathname === '/messages' && search === '') return ['messages?limit=100', 'stats?window=1h'];
  if (pathname !== '/') return [];
  const wanted = new URLSearchParams(search);
  const window = WINDOWS.find((one) => one === wanted.get('window')) ?? '1h';
  const whole = !['spoke', 'route', 'from', 'to'].some((name) => wanted.has(name));
  return [
    `stats?window=${window}`,
    ...(whole ? [`stats/series?window=${window}`] : []),
    'issues/summary',
    'issues?limit=50',
    'queues',
    `ledger?window=${window}`,
    'alerts/firing?limit=100',
  ];
}

// A sign-in link is about to say who is there.
if (!location.hash.startsWith('#link=')) {
  ask('/api/v1/session').then(
    ({ ok }) => {
      if (ok) for (const question of firstQuestions(location)) void ask(`/api/v1/${question}`);
    },
    () => undefined,
  );
}
