/** The worker role: hears tickets, dispatches deliveries, and sweeps while it holds the lead. */
import { type Bell, type BellListener, type Logger, type MessageStore, messageOf } from '@nave/core';
import type { Sweep } from '@nave/pipeline';
import type { Leadership } from '@nave/store';
import type { Dispatcher } from './dispatcher.ts';

export interface WorkerDeps {
  dispatcher: Dispatcher;
  listener: BellListener;
  bell: Bell;
  sweep: Sweep;
  /** Breakers, back-off and drains: known in every worker, governed by the leading one. */
  flow?: { start(): void; turn(): Promise<void> };
  leadership: Leadership;
  store: Pick<MessageStore, 'waiting'>;
  logger: Logger;
}

export interface Worker {
  start(): Promise<void>;
  /** Milliseconds of the monotonic clock at the last completed turn of the loop: liveness by progress. */
  lastTurnAt(): number;
  stop(patienceMs: number): Promise<void>;
}

const TURN_MS = 250;
const RECOVER_EVERY = 4;
const TIDY_EVERY = 240;
/** Ids per spoke that a worker fetches itself while the queue cannot be heard. */
const FETCH_PER_SPOKE = 200;

export function createWorker(deps: WorkerDeps): Worker {
  const { dispatcher, listener, bell, sweep, leadership, logger } = deps;
  let timer: NodeJS.Timeout | null = null;
  let turn: Promise<void> = Promise.resolve();
  let turns = 0;
  let lastTurnAt = performance.now();
  let stopped = false;

  async function take(): Promise<void> {
    let failed = false;
    /** What keeps failing in one part keeps no other from its work: leases are taken back even if a drain cannot go on. */
    const part = async (work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (!failed) logger.warn({ reason: messageOf(error) }, 'a turn of the sweep failed');
        failed = true;
      }
    };
    let leads = false;
    await part(async () => {
      leads = await leadership.lead();
    });
    if (leads) {
      await part(async () => dispatcher.offer(await sweep.due()));
      await part(async () => deps.flow?.turn());
      if (turns % RECOVER_EVERY === 0) await part(() => sweep.recover());
      if (turns % TIDY_EVERY === 0) await part(() => sweep.tidy());
    }
    if (!bell.healthy() || !listener.healthy()) await part(async () => dispatcher.offer(await deps.store.waiting(FETCH_PER_SPOKE)));
    turns += 1;
    lastTurnAt = performance.now();
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      turn = take().finally(next);
    }, TURN_MS);
  }

  return {
    async start() {
      deps.flow?.start();
      await listener.start((entries) => dispatcher.offer(entries));
      next();
    },
    lastTurnAt: () => lastTurnAt,
    async stop(patienceMs) {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await turn;
      await leadership.close();
      await listener.close();
      await dispatcher.stop(patienceMs);
    },
  };
}
