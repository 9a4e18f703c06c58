/** Drafts that people try out: evaluated in a child process of their own, a few at a time, so that nobody's typing slows deliveries. */
import { type ExpressionEngine, HubError } from '@nave/core';

export interface Previews {
  /** Isolated, and apart from the one that deliveries use. */
  engine: ExpressionEngine;
  /** Runs one try. @throws HubError `limit.rate` while too many are under way */
  run<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Tries under way in this process; each takes a tenth of a second per expression at most. */
const AT_ONCE_MAX = 8;

export function createPreviews(engine: ExpressionEngine, atOnceMax = AT_ONCE_MAX): Previews {
  let underWay = 0;
  return {
    engine,
    async run(work) {
      if (underWay >= atOnceMax)
        throw new HubError('limit.rate', { detail: 'Too many expressions are being tried out at this moment.', retryAfterSeconds: 1 });
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
      }
    },
    close: () => engine.close(),
  };
}
