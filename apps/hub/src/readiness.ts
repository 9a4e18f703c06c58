/** What `/readyz` answers: database, queue and, where deliveries are made, progress. */
import type { Bell } from '@nave/core';
import type { Database } from '@nave/store';
import { databaseCheck } from './database-check.ts';
import type { ReadinessCheck } from './http/ops/index.ts';

export interface ReadinessParts {
  db: Database;
  bell: Pick<Bell, 'healthy'>;
  redisUrl: string | null;
  /** Null in a process that delivers nothing. */
  work: { lastTurnAt: () => number; active: () => number } | null;
}

const STALLED_MS = 15_000;

/** Never throws; a queue that is away makes no process unready, for workers then claim directly. */
export function createReadiness({ db, bell, redisUrl, work }: ReadinessParts): () => Promise<ReadinessCheck[]> {
  return async () => {
    const place = redisUrl === null ? 'on PostgreSQL' : 'on Redis';
    const queue = { name: 'queue', ok: true, detail: bell.healthy() ? place : 'cannot be reached: workers claim directly' };
    const checks = [await databaseCheck(db), queue];
    if (work === null) return checks;
    const stalledMs = performance.now() - work.lastTurnAt();
    const ok = stalledMs < STALLED_MS;
    const detail = ok ? `${work.active()} deliveries under way` : `no progress for ${Math.round(stalledMs / 1_000)} s`;
    return [...checks, { name: 'progress', ok, detail }];
  };
}
