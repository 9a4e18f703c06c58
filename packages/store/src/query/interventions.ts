/** What a person does to one delivery: a conditional update of its row and the audit entry, in one transaction. */
import type { DeliveryState, FollowingStep, RunPlace } from '@nave/core';
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';
import { guarded } from '../guarded.ts';

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
   * Changes a delivery if its state still allows it. Due at once when it becomes pending: the sweep rings even if the caller's ring is lost.
   * @returns the spoke to ring for, or null when the delivery is missing or in another state; then nothing is written
   */
  change(id: string, change: DeliveryChange, nowMs: number, audit: AuditEntry): Promise<{ spoke: string } | null>;
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
      guarded(() =>
        prisma.$transaction(async (tx) => {
          const rows = await tx.$queryRaw<{ spoke: string }[]>(changeSql(id, change, nowMs));
          const [changed] = rows;
          if (changed === undefined) return null;
          if (change.next) await tx.$executeRaw(nextSql(id, change.next));
          await tx.audit.create({ data: auditRow(audit) });
          return changed;
        }),
      ),
  };
}

function changeSql(id: string, change: DeliveryChange, nowMs: number): Prisma.Sql {
  const now = Prisma.sql`${new Date(nowMs).toISOString()}::timestamptz`;
  const pending = change.to === 'pending';
  const output = change.output === undefined ? Prisma.empty : Prisma.sql`, output = ${Buffer.from(change.output)}`;
  const base = change.freshPolicy === true ? Prisma.sql`, attempt_base = attempt_count` : Prisma.empty;
  const approval = change.heldForApproval === true ? Prisma.sql`AND held_by = 'approval'` : Prisma.empty;
  // The fencing number rises: whoever still believes to hold an old lease records nothing.
  return Prisma.sql`UPDATE delivery SET state = ${change.to}::delivery_state, held_by = NULL, blocked_by = NULL, reason = ${change.reason}, next_attempt_at = NULL,
      due_at = ${pending ? now : Prisma.sql`NULL`}, finished_at = ${pending ? Prisma.sql`NULL` : now}, lease_owner = NULL, sending = false, lost = 0, lookups = 0, fence = fence + 1 ${output} ${base}
    WHERE id = ${id}::uuid AND state::text = ANY(${[...change.from]}) ${approval} RETURNING spoke`;
}

/** Everything that a step shares with the one before comes from its row; a second time changes nothing. */
function nextSql(after: string, next: FollowingStep): Prisma.Sql {
  return Prisma.sql`INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, lane_key, created_at, replay_id, due_at)
    SELECT ${next.id}::uuid, message_id, source, route, route_version, ${next.step}::int, ${next.stepName}, ${next.spoke}, ${next.operation}, 'pending', lane_key, created_at, replay_id, now()
    FROM delivery WHERE id = ${after}::uuid ON CONFLICT DO NOTHING`;
}
