/** One turn of retention: bodies whose time is over, then at most one day of rows, then what lies outside all days. */
import { type Clock, type Logger, messageOf } from '@nave/core';
import type pg from 'pg';
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';
import { DAY_MS, dayName, daysBefore } from './day-partitions.ts';
import { destroyBodies } from './destroy-bodies.ts';
import { dropDay } from './drop-day.ts';
import { withMaintenanceClient } from './maintenance-client.ts';
import { deleteStrayRows } from './stray-rows.ts';

export interface RetentionDeps {
  db: Pick<Database, 'prisma' | 'url'>;
  clock: Clock;
  /** The database's clock, ms since the epoch; default its `now()`. A hub whose clock leapt ahead must not drop what is young. */
  databaseNow?: (client: pg.Client) => Promise<number>;
  /** How long rows are kept (`NAVE_RETENTION`). */
  retentionMs: number;
  /** Where a day is written before it is dropped (`NAVE_ARCHIVE_DIR`); null = nowhere. */
  archiveDir: string | null;
  /** Told of keys that were destroyed, so that this process forgets them at once. */
  onKeyDestroyed: (keyId: number) => void;
  logger: Logger;
}

export interface RetentionResult {
  keysDestroyed: number;
  dropped: string[];
  blocked: { day: string; reason: string }[];
  strayRows: number;
}

/** A day that had to stay is looked at again after so long. */
const AGAIN_MS = 3_600_000;
const LOOKS_MAX = 100;

export function retentionTurn(deps: RetentionDeps): Promise<RetentionResult> {
  const { db, clock, retentionMs, logger } = deps;
  return guarded(() =>
    withMaintenanceClient(db.url, async (client) => {
      const nowMs = Math.min(clock.now(), await (deps.databaseNow ?? databaseClock)(client));
      const result: RetentionResult = { keysDestroyed: 0, dropped: [], blocked: [], strayRows: 0 };
      for (const { id, spoke, day } of await destroyBodies(db, client, nowMs)) {
        deps.onKeyDestroyed(id);
        result.keysDestroyed += 1;
        logger.info({ spoke, day }, 'bodies were destroyed as their retention asks');
      }
      const endsMs = Math.floor((nowMs - retentionMs) / DAY_MS) * DAY_MS;
      // Days that a longer retention keeps are not blocked any more.
      await db.prisma.ledgerDay.updateMany({
        where: { droppedAt: null, blockedBy: { not: null }, day: { gte: new Date(endsMs) } },
        data: { blockedBy: null, triedAt: null },
      });
      const days = await daysBefore(client, endsMs);
      const tried = await db.prisma.ledgerDay.findMany({
        where: { droppedAt: null, triedAt: { gt: new Date(nowMs - AGAIN_MS), lte: new Date(nowMs) } },
        select: { day: true },
      });
      const resting = new Set(tried.map(({ day }) => day.getTime()));
      for (const day of days.filter((each) => !resting.has(each)).slice(0, LOOKS_MAX)) {
        const outcome = await dropDay(deps, client, day, nowMs);
        if (outcome === 'dropped') {
          result.dropped.push(dayName(day));
          logger.info({ day: dayName(day) }, 'a day was dropped as the retention asks');
          break;
        }
        if (outcome === 'locked') break;
        result.blocked.push({ day: dayName(day), reason: outcome.blockedBy });
        logger.warn({ day: dayName(day), reason: outcome.blockedBy }, 'a day older than the retention has to stay');
      }
      result.strayRows = await deleteStrayRows(client, endsMs);
      return result;
    }),
  );
}

async function databaseClock(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ ms: number }>('SELECT (extract(epoch FROM now()) * 1000)::float8 AS ms');
  return rows[0]?.ms ?? 0;
}

/** The same, for a loop that must go on. */
export async function tryRetention(deps: RetentionDeps): Promise<RetentionResult | null> {
  try {
    return await retentionTurn(deps);
  } catch (error) {
    deps.logger.warn({ reason: messageOf(error) }, 'a turn of the retention failed');
    return null;
  }
}
