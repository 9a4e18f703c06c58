/** Changes of the configuration: one transaction each, one at a time over all processes, told to all of them on commit. */
import type { Clock, LaneRef } from '@nave/core';
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';
import { advanceAfter } from '../query/advance-after.ts';
import { type ConfigTransaction, configTransaction } from './config-transaction.ts';
import { bumpConfigVersion, lockConfig } from './config-version.ts';

export interface ConfigChanges {
  /**
   * Runs `work` in a transaction; what it throws undoes everything. Changes wait for each other, so what `work` reads stays true until it is done.
   * @throws HubError `store.unavailable`, or what `work` throws
   */
  change<T>(work: (tx: ConfigTransaction) => Promise<T>): Promise<T>;
}

const WAIT_MAX_MS = 10_000;
const CHANGE_MAX_MS = 30_000;

export function createConfigChanges({ prisma }: Pick<Database, 'prisma'>, clock: Clock): ConfigChanges {
  return {
    change: (work) =>
      guarded(async () => {
        const lanes: LaneRef[] = [];
        const result = await prisma.$transaction(
          async (tx) => {
            await lockConfig(tx);
            let changed = false;
            const answer = await work(
              configTransaction(
                tx,
                new Date(clock.now()),
                () => {
                  changed = true;
                },
                (left) => void lanes.push(...left.slice(0, LANES_MAX - lanes.length)),
              ),
            );
            if (changed) await bumpConfigVersion(tx);
            return answer;
          },
          { maxWait: WAIT_MAX_MS, timeout: CHANGE_MAX_MS },
        );
        // Nobody is rung: what may go now is due within seconds.
        await advanceAfter(prisma, lanes);
        return result;
      }),
  };
}

/** Lanes moved on at once after a change; the sweep does the rest. */
const LANES_MAX = 2_000;
