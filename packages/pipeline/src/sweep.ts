/** The sweep: rings for what nobody was told of, takes back expired leases, holds what paused and broken spokes should not get, tidies. One process sweeps at a time. */
import type { Bell, BellEntry, Logger, SweepStore } from '@nave/core';

export interface SweepDeps {
  store: SweepStore;
  bell: Bell;
  logger: Logger;
  /** Mends due times after a leap of the database's clock; before leases are taken back, which a leap forward would end too soon. */
  mendClock?: () => Promise<void>;
}

export interface Sweep {
  /** Every 250 ms: due retries and rows nobody rang for. Answers what it rang, for the sweeping process itself: a queue that lost its voice delays, no more. */
  due(): Promise<readonly BellEntry[]>;
  /** Every second: leases, pauses, lanes that were left behind. */
  recover(): Promise<void>;
  /** Every minute: partitions, expired keys. */
  tidy(): Promise<void>;
}

const PER_SPOKE = 200;
const RUNG_GRACE_MS = 5_000;
const FORGET_MAX = 5_000;
const LANES_PER_TURN = 1_000;

export function createSweep({ store, bell, logger, mendClock }: SweepDeps): Sweep {
  return {
    async due() {
      const due = await store.ringDue(PER_SPOKE, RUNG_GRACE_MS);
      bell.ring(due);
      return due;
    },
    async recover() {
      await mendClock?.();
      const lost = await store.expireLeases();
      for (const { deliveryId, spoke, state, gaveUp } of lost) {
        if (gaveUp) logger.error({ deliveryId, spoke, state }, 'a delivery lost worker after worker and is given up');
        else logger.warn({ deliveryId, spoke, state }, 'a lease ran out');
      }
      bell.ring(lost.filter(({ state }) => state === 'pending'));
      const held = await store.holdPaused();
      if (held > 0) logger.info({ held }, 'deliveries of paused spokes are held');
      const broken = await store.holdBroken();
      if (broken > 0) logger.info({ held: broken }, 'deliveries of spokes whose breaker is open are held');
      const mended = await store.mendLanes(LANES_PER_TURN);
      if (mended.length > 0) logger.info({ lanes: mended.length }, 'lanes that nobody moved on go on');
      bell.ring(mended);
    },
    async tidy() {
      await store.makePartitions();
      await store.forgetExpired(FORGET_MAX);
    },
  };
}
