/** The answers of the earlier steps of one run: their deliveries share the run's timestamp. */
import { lowestUuidAt, type StepOutput, timeOfUuid } from '@nave/core';
import type pg from 'pg';

const STEP_OUTPUTS_SQL = `
SELECT id, step_name, output FROM delivery
WHERE id >= $1::uuid AND id < $2::uuid AND message_id = $3 AND route = $4 AND route_version = $5 AND step < $6 AND replay_id IS NOT DISTINCT FROM $7::uuid
ORDER BY step`;

export async function stepOutputs(
  pool: pg.Pool,
  messageId: string,
  deliveryId: string,
  route: string,
  routeVersion: number,
  step: number,
  replayId: string | null,
): Promise<StepOutput[]> {
  const at = timeOfUuid(deliveryId);
  const { rows } = await pool.query<{ id: string; step_name: string; output: Buffer | null }>({
    name: 'step-outputs',
    text: STEP_OUTPUTS_SQL,
    values: [lowestUuidAt(at), lowestUuidAt(at + 1), messageId, route, routeVersion, step, replayId],
  });
  return rows.map((row) => ({ deliveryId: row.id, stepName: row.step_name, output: row.output }));
}
