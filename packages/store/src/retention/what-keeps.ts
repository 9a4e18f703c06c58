/** Why the rows of a day are still needed. */
import { OPEN_STATES } from '@nave/core';
import type pg from 'pg';
import { filterFromJson } from '../replay/replay-filter.ts';
import { DAY_MS, idsOf } from './day-partitions.ts';

const OPEN = OPEN_STATES.map((state) => `'${state}'`).join(', ');
const REPLAYS_MAX = 1_000;

/**
 * Answers the first reason why a day must stay, or null: deliveries that are not finished, of the day or of later replays of its messages; the head of a lane;
 * a replay that still has to read its messages. Each look is by a partial index.
 * @param source only deliveries of messages of this spoke
 */
export async function whatKeeps(client: pg.Client, day: number, source: string | null = null): Promise<string | null> {
  const { low, high } = idsOf(day);
  const found = async (text: string) => {
    const { rows } = await client.query<{ id: string }>(`${text} LIMIT 1`, [low, high, ...(source === null ? [] : [source])]);
    return rows[0]?.id;
  };
  for (const text of openDeliveries(source)) {
    const open = await found(text);
    if (open !== undefined) return `delivery ${open} is not finished`;
  }
  if (source === null) {
    const head = await found('SELECT head AS id FROM lane WHERE head >= $1 AND head < $2');
    if (head !== undefined) return `delivery ${head} parks its lane`;
  }
  return replayThatNeeds(client, day, high);
}

/** Statements over the ids of a day (`$1` inclusive, `$2` exclusive), and `$3` the spoke of the messages. */
export function openDeliveries(source: string | null): string[] {
  const ours = source === null ? '' : 'AND source = $3';
  return [
    `SELECT id FROM delivery WHERE due_at IS NOT NULL AND id >= $1 AND id < $2 ${ours}`,
    `SELECT id FROM delivery WHERE state IN ('held', 'unknown') AND id >= $1 AND id < $2 ${ours}`,
    `SELECT id FROM delivery WHERE replay_id IS NOT NULL AND message_id >= $1 AND message_id < $2 AND state IN (${OPEN}) ${ours}`,
  ];
}

async function replayThatNeeds(client: pg.Client, day: number, high: string): Promise<string | null> {
  const { rows } = await client.query<{ id: string; filter: unknown; cursor: string | null; created_at: Date }>(
    `SELECT id, filter, cursor, created_at FROM replay WHERE state = 'running' ORDER BY id LIMIT ${REPLAYS_MAX}`,
  );
  for (const { id, filter, cursor, created_at: createdAt } of rows) {
    const { fromMs, toMs } = filterFromJson(filter);
    const overlaps = (fromMs ?? 0) < day + DAY_MS && (toMs ?? createdAt.getTime()) > day;
    if (overlaps && (cursor === null || cursor < high)) return `replay ${id} still reads it`;
  }
  return null;
}
