/** What a person does to one delivery: a conditional update of its row and the audit entry, in one transaction. */
import type { BellEntry, DeliveryState, FollowingStep, LaneRef, RunPlace } from '@nave/core';
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';
import { advanceAfter } from './advance-after.ts';

export interface DeliveryChange {
  /** States it is possible in. */
  from: readonly DeliveryState[];
  /** Only deliveries held for an approval. */
  heldForApproval?: boolean;
  to: DeliveryState;
  reason: string | null;
  /** Sealed answer given by a person; undefined keeps what is stored. */
  output?: Uint8Array;
  /** The retry policy starts anew; attempts go on counting. */
  freshPolicy?: boolean;
  /** The step that follows when a person says that this one was done; inserted with the change. */
  next?: FollowingStep | null;
}

export interface InterventionStore {
  /** Where a delivery stands in its run; null when there is none of this id. */
  place(id: string): Promise<RunPlace | null>;
  /**
   * Changes a delivery if its state still allows it. What becomes pending is due at once (the sweep rings even if the caller's ring is lost), unless it has a
   * place in a lane and it is not its turn; the lanes it leaves or joins are moved on.
   * @returns what to ring for, or null when the delivery is missing or in another state; then nothing is written
   */
  change(id: string, change: DeliveryChange, nowMs: number, audit: AuditEntry): Promise<{ due: BellEntry[] } | null>;
}

export function createInterventionStore({ prisma }: Pick<Database, 'prisma'>): InterventionStore {
  return {
    place: (id) =>
      guarded(async () => {
        const select = { messageId: true, route: true, routeVersion: true, step: true, replayId: true };
        const row = await prisma.delivery.findUnique({ where: { id }, select });
        return row === null ? null : { deliveryId: id, ...row };
      }),
    change: (id, change, nowMs, audit) =>
      guarded(async () => {
        const changed = await prisma.$transaction(async (tx) => {
          const [found] = await tx.$queryRaw<
            { lane_key: string | null }[]
          >`SELECT lane_key FROM delivery WHERE ${guard(id, change)} FOR UPDATE`;
          if (found === undefined) return null;
          // Before what locks a lane, which accepting waits for.
          await tx.audit.create({ data: auditRow(audit) });
          const rows = await tx.$queryRaw<Changed[]>(changeSql(id, change, nowMs));
          if (change.next) rows.push(...(await tx.$queryRaw<Changed[]>(nextSql(id, change.next))));
          return rows;
        });
        if (changed === null) return null;
        const due = changed.filter(({ state }) => state === 'pending').map(({ id: deliveryId, spoke }) => ({ spoke, deliveryId }));
        const lanes = changed.flatMap(({ spoke, key }): LaneRef[] => (key === null ? [] : [{ spoke, key }]));
        return { due: [...due, ...(await advanceAfter(prisma, lanes))] };
      }),
  };
}

interface Changed {
  id: string;
  spoke: string;
  key: string | null;
  state: DeliveryState;
}

const CHANGED = Prisma.sql`d.id, d.spoke, d.lane_key AS key, d.state::text AS state`;

function guard(id: string, change: DeliveryChange): Prisma.Sql {
  const approval = change.heldForApproval === true ? Prisma.sql`AND held_by = 'approval'` : Prisma.empty;
  return Prisma.sql`id = ${id}::uuid AND state::text = ANY(${[...change.from]}) ${approval}`;
}

/** The row is locked before its lane is. */
function changeSql(id: string, change: DeliveryChange, nowMs: number): Prisma.Sql {
  const now = Prisma.sql`${new Date(nowMs).toISOString()}::timestamptz`;
  const pending = change.to === 'pending';
  const output = change.output === undefined ? Prisma.empty : Prisma.sql`, output = ${Buffer.from(change.output)}`;
  const base = change.freshPolicy === true ? Prisma.sql`, attempt_base = attempt_count` : Prisma.empty;
  const waits = pending ? Prisma.sql`lane_key IS NOT NULL AND NOT nave_join_lane(spoke, lane_key, id)` : Prisma.sql`false`;
  // The fencing number rises: whoever still believes to hold an old lease records nothing.
  return Prisma.sql`WITH placed AS MATERIALIZED (SELECT id, ${waits} AS waits FROM delivery WHERE id = ${id}::uuid)
    UPDATE delivery d SET state = CASE WHEN p.waits THEN 'held'::delivery_state ELSE ${change.to}::delivery_state END, held_by = CASE WHEN p.waits THEN 'lane'::held_by END,
      lane_seq = CASE WHEN p.waits THEN coalesce(lane_seq, nextval('nave_lane_seq')) ELSE lane_seq END, blocked_by = NULL, reason = ${change.reason}, next_attempt_at = NULL,
      due_at = ${pending ? Prisma.sql`CASE WHEN NOT p.waits THEN ${now} END` : Prisma.sql`NULL`}, finished_at = ${pending ? Prisma.sql`NULL` : now}, lease_owner = NULL, sending = false, lost = 0, lookups = 0,
      fence = fence + 1 ${output} ${base}
    FROM placed p WHERE d.id = p.id AND d.id = ${id}::uuid RETURNING ${CHANGED}`;
}

/** Everything that a step shares with the one before comes from its row, its place in the order too; a second time changes nothing. */
function nextSql(after: string, next: FollowingStep): Prisma.Sql {
  return Prisma.sql`INSERT INTO delivery AS d (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, held_by, lane_key, lane_seq, created_at, replay_id, due_at)
    SELECT ${next.id}::uuid, message_id, source, route, route_version, ${next.step}::int, ${next.stepName}, ${next.spoke}, ${next.operation},
      CASE WHEN waits THEN 'held'::delivery_state ELSE 'pending'::delivery_state END, CASE WHEN waits THEN 'lane'::held_by END, lane_key,
      CASE WHEN lane_key IS NOT NULL THEN coalesce(lane_seq, nextval('nave_lane_seq')) END, created_at, replay_id, CASE WHEN NOT waits THEN now() END
    FROM (SELECT *, lane_key IS NOT NULL AND NOT nave_join_lane(${next.spoke}, lane_key, ${next.id}::uuid) AS waits FROM delivery WHERE id = ${after}::uuid OFFSET 0) AS earlier
    ON CONFLICT DO NOTHING RETURNING ${CHANGED}`;
}
