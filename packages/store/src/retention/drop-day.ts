/** Drops a day: checked, counted, archived, written down, then its tables go. Every step can be repeated. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, messageOf } from '@nave/core';
import type pg from 'pg';
import { auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import { archiveDay } from './archive-day.ts';
import { DAY_MS, DAY_TABLES, type DayTable, dayName, partitionOf } from './day-partitions.ts';
import { type DayTotals, dayTotals, isFinal } from './day-totals.ts';
import { whatKeeps } from './what-keeps.ts';

export interface DropDeps {
  db: Pick<Database, 'prisma'>;
  archiveDir: string | null;
  logger: Logger;
}

/**
 * DROP locks the parent table against everybody. It waits so long for statements under way, in which new ones wait behind it; then it gives way and tries again.
 * (DETACH CONCURRENTLY would not lock, but is not possible beside a default partition.)
 */
const LOCK_MS = 100;
const TRIES = 10;
const BETWEEN_MS = 500;
/** SQLSTATE lock_not_available. */
const LOCKED = '55P03';

/** @returns `dropped`, or why the day stays */
export async function dropDay(
  deps: DropDeps,
  client: pg.Client,
  day: number,
  nowMs: number,
): Promise<'dropped' | 'locked' | { blockedBy: string }> {
  const { db, logger } = deps;
  const known = await db.prisma.ledgerDay.findUnique({ where: { day: new Date(day) } });
  if (known === null || known.droppedAt === null) {
    const reason = await writeDown(deps, client, day, nowMs);
    if (reason !== null) {
      await note(db, day, { blockedBy: reason, triedAt: new Date(nowMs) });
      return { blockedBy: reason };
    }
  }
  // Before, so that a process that dies in between leaves none; after, for one that a person made meanwhile.
  await forgetFailures(client, day);
  for (const table of DAY_TABLES) {
    if (!(await dropTable(client, table, day))) {
      logger.info({ day: dayName(day), table }, 'a table of a day to be dropped is in use; tried again later');
      return 'locked';
    }
  }
  await forgetFailures(client, day);
  return 'dropped';
}

/** No trigger tells that the rows of a dropped table are gone. */
async function forgetFailures(client: pg.Client, day: number): Promise<void> {
  await client.query(
    'DELETE FROM failure WHERE delivery_id >= nave_uuid_at($1::timestamptz) AND delivery_id < nave_uuid_at($2::timestamptz)',
    [new Date(day), new Date(day + DAY_MS)],
  );
}

/** Everything up to the tables. @returns why the day stays, or null */
async function writeDown({ db, archiveDir, logger }: DropDeps, client: pg.Client, day: number, nowMs: number): Promise<string | null> {
  const before = await whatKeeps(client, day);
  if (before !== null) return before;
  let totals = await dayTotals(db.prisma, day);
  if (!isFinal(totals)) return 'deliveries are not finished';
  if (archiveDir !== null) {
    try {
      await archiveDay(client, archiveDir, day, totals);
    } catch (error) {
      logger.error({ day: dayName(day), reason: messageOf(error) }, 'a day could not be archived and stays');
      return 'it could not be archived';
    }
    // A person may have retried or skipped something meanwhile: the archive must say so.
    const after = await dayTotals(db.prisma, day);
    if (JSON.stringify(after) !== JSON.stringify(totals)) return 'it changed while it was archived';
    totals = after;
  }
  const still = await whatKeeps(client, day);
  if (still !== null) return still;
  await remember(db, day, totals, archiveDir !== null, nowMs);
  return null;
}

async function remember(db: DropDeps['db'], day: number, totals: DayTotals, archived: boolean, nowMs: number): Promise<void> {
  const now = new Date(nowMs);
  const [from, to] = [new Date(day), new Date(day + DAY_MS)];
  const facts = { totals, blockedBy: null, triedAt: now, archivedAt: archived ? now : null, droppedAt: now };
  const runs = Object.entries(totals).reduce((sum, [route, { accepted }]) => sum + (route === '' ? 0 : accepted), 0);
  const detail = { day: dayName(day), messages: totals['']?.accepted ?? 0, runs, archived };
  await db.prisma.$transaction([
    db.prisma.ledgerDay.upsert({ where: { day: from }, create: { day: from, ...facts }, update: facts }),
    db.prisma.ledgerMinute.deleteMany({ where: { minute: { gte: from, lt: to } } }),
    db.prisma.ledgerDifference.updateMany({ where: { day: from, resolvedAt: null }, data: { resolvedAt: now } }),
    db.prisma.dataKey.deleteMany({ where: { day: from, scope: { startsWith: 'spoke:' } } }),
    db.prisma.audit.create({
      data: auditRow({ atMs: nowMs, actor: 'hub', action: 'retention.day-dropped', subject: `day:${dayName(day)}`, detail }),
    }),
  ]);
}

async function note(db: DropDeps['db'], day: number, facts: { blockedBy: string; triedAt: Date }): Promise<void> {
  await db.prisma.ledgerDay.upsert({ where: { day: new Date(day) }, create: { day: new Date(day), ...facts }, update: facts });
}

async function dropTable(client: pg.Client, table: DayTable, day: number): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0) await sleep(BETWEEN_MS);
    try {
      await client.query('BEGIN');
      await client.query(`SET LOCAL lock_timeout = ${LOCK_MS}`);
      await client.query(`DROP TABLE IF EXISTS ${partitionOf(table, day)}`);
      await client.query('COMMIT');
      return true;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      if (!(error instanceof Error && 'code' in error && error.code === LOCKED)) throw error;
    }
  }
  return false;
}
