/** The polls of one process: the poller, and what the API asks of it. */
import type { PollStatus } from '@nave/api-schema';
import type { Logger } from '@nave/core';
import { createPollStore, type Database, type PollStore } from '@nave/store';
import type { Refusal } from '../http/auth/refusal-audit.ts';
import { createPoller, type Poller, type PollerDeps } from './poller.ts';

/** What the API asks. */
export interface Polls extends Pick<Poller, 'run'> {
  /** Of those that have had their first look, by name. */
  progress(spoke: string): Promise<ReadonlyMap<string, PollStatus>>;
}

export interface PollingParts extends Omit<PollerDeps, 'store' | 'onTurn' | 'onRefused'> {
  db: Pick<Database, 'hot'>;
  metrics: { polled(spoke: string, poll: string, result: string): void };
  note: (entry: Refusal) => void;
  logger: Logger;
}

export function buildPolling({ db, metrics, note, ...parts }: PollingParts): Poller & Polls {
  const store = createPollStore(db.hot);
  const poller = createPoller({
    ...parts,
    store,
    onTurn: metrics.polled,
    onRefused(spoke, poll, key, reason) {
      parts.logger.warn({ spoke, poll, key, reason }, 'an event that was fetched cannot be taken and is left out');
      note({ actor: `poll:${poll}`, action: 'poll.refused', subject: `spoke:${spoke}`, detail: { key, reason } });
    },
  });
  return { ...poller, progress: (spoke) => pollProgress(store, spoke) };
}

/** As the API shows it. */
export async function pollProgress(store: Pick<PollStore, 'progress'>, spoke: string): Promise<ReadonlyMap<string, PollStatus>> {
  const rows = await store.progress(spoke);
  return new Map(
    rows.map(({ name, lastAt, nextAt, failures, lastError }) => [
      name,
      { lastAt: lastAt?.toISOString() ?? null, nextAt: nextAt.toISOString(), failures, lastError },
    ]),
  );
}
