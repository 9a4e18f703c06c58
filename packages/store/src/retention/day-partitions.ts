/** The days that have tables of their own, and the ids they hold. */
import { lowestUuidAt } from '@nave/core';
import type pg from 'pg';

/** Attempts first: what is left when only some were dropped still has what it belongs to. */
export const DAY_TABLES = ['attempt', 'message_key', 'delivery', 'message'] as const;
export type DayTable = (typeof DAY_TABLES)[number];

export const DAY_MS = 86_400_000;

/** `YYYY-MM-DD` of a moment, UTC. */
export function dayName(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Ids of a day: `low` inclusive, `high` exclusive. @param day midnight UTC, ms since the epoch */
export function idsOf(day: number): { low: string; high: string } {
  return { low: lowestUuidAt(day), high: lowestUuidAt(day + DAY_MS) };
}

export function partitionOf(table: DayTable, day: number): string {
  return `${table}_${dayName(day).replaceAll('-', '')}`;
}

/** Days that end before a moment and still have a table, oldest first; midnights UTC, ms since the epoch. */
export async function daysBefore(client: pg.Client, beforeMs: number): Promise<number[]> {
  const { rows } = await client.query<{ day: string }>(
    `SELECT DISTINCT right(c.relname, 8) AS day FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = ANY($1::regclass[]) AND c.relname ~ '_[0-9]{8}$' ORDER BY 1`,
    [`{${DAY_TABLES.join(',')}}`],
  );
  return rows
    .map(({ day }) => Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`))
    .filter((day) => day + DAY_MS <= beforeMs);
}
