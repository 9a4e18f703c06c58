/** Stores the runs of replayed messages: deliveries, acceptance counter and the end of being unrouted, inside the caller's transaction. */
import { createHash } from 'node:crypto';
import type { BellEntry, LaneRef, NewDelivery } from '@nave/core';
import { Prisma } from '../generated/client.ts';
import { idRanges } from '../query/delivery-facts.ts';

export interface PlannedRun {
  messageId: string;
  source: string;
  delivery: NewDelivery;
}

type Tx = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>;

export interface InsertedRuns {
  /** Deliveries to ring for once the transaction is committed. */
  due: BellEntry[];
  /** Lanes that were joined: to be moved on then. */
  lanes: LaneRef[];
}

/**
 * Inserting the same runs twice stores them once: their ids are derived. Within a lane they queue up in the order given, behind what is there. Locks the lanes
 * until the transaction ends, so it comes last in it.
 */
export async function insertRuns(tx: Tx, replayId: string, runs: readonly PlannedRun[], nowMs: number): Promise<InsertedRuns> {
  if (runs.length === 0) return { due: [], lanes: [] };
  const messageIds = [...new Set(runs.map(({ messageId }) => messageId))];
  const earlier = await earlierDeliveries(tx, messageIds);
  const now = new Date(nowMs).toISOString();
  const column = <T>(pick: (run: PlannedRun) => T) => runs.map(pick);
  await tx.$executeRaw(Prisma.sql`UPDATE message SET unrouted = false WHERE unrouted AND id = ANY(${messageIds}::uuid[])`);
  const inserted = await tx.$queryRaw<{ route: string; id: string; spoke: string; key: string | null; state: string }[]>(Prisma.sql`
    INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, held_by, reason, lane_key, lane_seq, replay_of, replay_id,
      created_at, due_at, finished_at)
    SELECT id, message_id, source, route, route_version, step, step_name, spoke, operation, (CASE WHEN waits THEN 'held' ELSE state END)::delivery_state,
      CASE WHEN waits THEN 'lane'::held_by END, reason, lane_key, CASE WHEN lane_key IS NOT NULL AND state <> 'skipped' THEN nextval('nave_lane_seq') END, replay_of, ${replayId}::uuid,
      ${now}::timestamptz, CASE WHEN state = 'pending' AND NOT waits THEN ${now}::timestamptz END, CASE WHEN state <> 'pending' THEN ${now}::timestamptz END
    FROM (SELECT n.*, lane_key IS NOT NULL AND state = 'pending' AND NOT nave_join_lane(spoke, lane_key, id) AS waits FROM (
      SELECT * FROM unnest(${column((r) => r.delivery.id)}::uuid[], ${column((r) => r.messageId)}::uuid[], ${column((r) => r.source)}::text[],
        ${column((r) => r.delivery.route)}::text[], ${column((r) => r.delivery.routeVersion)}::int[], ${column((r) => r.delivery.step)}::int[],
        ${column((r) => r.delivery.stepName)}::text[], ${column((r) => r.delivery.spoke)}::text[], ${column((r) => r.delivery.operation)}::text[],
        ${column((r) => r.delivery.state)}::text[], ${column((r) => r.delivery.reason)}::text[], ${column((r) => r.delivery.laneKey)}::text[],
        ${column((r) => earlier.get(placeOf(r.messageId, r.delivery.route, r.delivery.step)) ?? null)}::uuid[])
        WITH ORDINALITY AS t(id, message_id, source, route, route_version, step, step_name, spoke, operation, state, reason, lane_key, replay_of, place)
      ORDER BY spoke, lane_key, place OFFSET 0) AS n OFFSET 0) AS placed
    ON CONFLICT DO NOTHING RETURNING route, id, spoke, lane_key AS key, state::text AS state`);
  await countRuns(tx, inserted, now);
  return {
    due: inserted.filter(({ state }) => state === 'pending').map(({ spoke, id }) => ({ spoke, deliveryId: id })),
    lanes: inserted.flatMap(({ spoke, key }) => (key === null ? [] : [{ spoke, key }])),
  };
}

/** Runs are counted where they are accepted; a replay accepts runs, but no messages. The form of the keys is that of the accept statement. */
async function countRuns(tx: Tx, inserted: readonly { route: string }[], now: string): Promise<void> {
  if (inserted.length === 0) return;
  const minute = now.slice(0, 16);
  const runs: Record<string, number> = {};
  for (const { route } of inserted) runs[`${route}@${minute}`] = (runs[`${route}@${minute}`] ?? 0) + 1;
  const digest = createHash('sha256').digest();
  await tx.$executeRaw(
    Prisma.sql`INSERT INTO accepted_count (at, messages, digest, runs) VALUES (${now}::timestamptz, 0, ${digest}, ${JSON.stringify(runs)}::jsonb)`,
  );
}

/** The newest delivery of each route and step of these messages: what a replay's delivery is the replay of. */
async function earlierDeliveries(tx: Tx, messageIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<{ messageId: string; route: string; step: number; id: string }[]>(Prisma.sql`
    SELECT m.id AS "messageId", d.route, d.step::int AS step, max(d.id::text) AS id FROM ${idRanges(messageIds)} CROSS JOIN LATERAL (
      (SELECT id, route, step FROM delivery WHERE id >= m.low AND id <= m.high AND message_id = m.id AND replay_id IS NULL OFFSET 0)
      UNION ALL
      (SELECT id, route, step FROM delivery WHERE message_id = m.id AND replay_id IS NOT NULL AND id >= m.low OFFSET 0)
    ) AS d GROUP BY 1, 2, 3`);
  return new Map(rows.map(({ messageId, route, step, id }) => [placeOf(messageId, route, step), id]));
}

function placeOf(messageId: string, route: string, step: number): string {
  return `${messageId} ${route} ${step}`;
}
