/** The rows of `spoke_flow`: read by every worker several times a second, changed under row locks by whoever learns something. */
import { BREAKER_STATES, type FlowChange, type FlowEvent, type FlowReading, nextFlow, ORDINARY_FLOW, type SpokeFlow } from '@nave/core';
import type pg from 'pg';

const epochMs = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8 AS ${column}`;
const TIMES = ['opened_at', 'probe_at', 'throttled_until', 'drain_started_at', 'budget_exhausted_at'] as const;
const COLUMNS = `spoke, breaker, failures, drain_rate, ${TIMES.map(epochMs).join(', ')}`;
const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::float8';

/** Small: rows exist only for spokes that something keeps back, and shut spokes have a partial index. */
const READ_SQL = `
SELECT false AS shut, ${NOW} AS now_ms, ${COLUMNS} FROM spoke_flow
UNION ALL
SELECT true, ${NOW}, name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM spoke WHERE paused OR NOT enabled`;

/** Makes or locks, in the order given. In one statement: between two, a row could be tidied away, and its events with it. */
const LOCK_SQL = `
INSERT INTO spoke_flow AS f (spoke) SELECT spoke FROM unnest($1::text[]) WITH ORDINALITY AS n(spoke, place) ORDER BY place
ON CONFLICT (spoke) DO UPDATE SET spoke = EXCLUDED.spoke RETURNING ${NOW} AS now_ms, ${COLUMNS}`;
const instant = (name: string) => `to_timestamp(n.${name} / 1000.0)`;
const WRITE_SQL = `
UPDATE spoke_flow f SET breaker = n.breaker, failures = n.failures, drain_rate = n.drain_rate, updated_at = now(),
  ${TIMES.map((column) => `${column} = ${instant(column)}`).join(', ')}
FROM unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[])
  AS n(spoke, breaker, failures, drain_rate, ${TIMES.join(', ')})
WHERE f.spoke = n.spoke`;

/** What tells nothing any more, and what is left of deleted spokes. Waits for nobody: whoever changes several rows locks them in another order. */
const TIDY_SQL = `
DELETE FROM spoke_flow WHERE spoke = ANY(ARRAY(
  SELECT f.spoke FROM spoke_flow f WHERE (f.updated_at < now() - interval '10 seconds' AND f.breaker = 'closed' AND f.failures = 0 AND f.drain_started_at IS NULL
      AND coalesce(f.throttled_until, now()) <= now() AND coalesce(f.budget_exhausted_at, '-infinity') < now() - interval '10 minutes')
    OR NOT EXISTS (SELECT 1 FROM spoke s WHERE s.name = f.spoke)
  FOR UPDATE OF f SKIP LOCKED))`;

interface FlowRow {
  spoke: string;
  breaker: string;
  failures: number;
  drain_rate: number | null;
  opened_at: number | null;
  probe_at: number | null;
  throttled_until: number | null;
  drain_started_at: number | null;
  budget_exhausted_at: number | null;
}

export async function readFlows(pool: pg.Pool): Promise<FlowReading> {
  const { rows } = await pool.query<FlowRow & { shut: boolean; now_ms: number }>({ name: 'read-flows', text: READ_SQL });
  const open = rows.filter(({ shut }) => !shut);
  return {
    nowMs: rows[0]?.now_ms ?? Date.now(),
    flows: new Map(open.map((row) => [row.spoke, flowOf(row)])),
    shut: new Set(rows.filter(({ shut }) => shut).map(({ spoke }) => spoke)),
  };
}

/** One transaction; rows are locked in the order of their names, so that two workers never wait for each other in a circle. */
export async function changeFlows(
  pool: pg.Pool,
  events: readonly (readonly [spoke: string, event: FlowEvent])[],
): Promise<{ nowMs: number; changes: FlowChange[] }> {
  const spokes = [...new Set(events.map(([spoke]) => spoke))].sort();
  if (spokes.length === 0) return { nowMs: Date.now(), changes: [] };
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<FlowRow & { now_ms: number }>({ name: 'lock-flows', text: LOCK_SQL, values: [spokes] });
    const nowMs = Math.max(0, ...rows.map((row) => row.now_ms));
    const changes = rows.map((row) => {
      const before = flowOf(row);
      const after = events.reduce((flow, [spoke, event]) => (spoke === row.spoke ? nextFlow(flow, event, nowMs) : flow), before);
      return { spoke: row.spoke, before, after };
    });
    const changed = changes.filter(({ before, after }) => before !== after);
    if (changed.length > 0) await client.query({ name: 'write-flows', text: WRITE_SQL, values: columnsOf(changed) });
    await client.query('COMMIT');
    return { nowMs, changes };
  } catch (error) {
    broken = await client.query('ROLLBACK').then(
      () => undefined,
      (failure: unknown) => (failure instanceof Error ? failure : new Error('rollback failed')),
    );
    throw error;
  } finally {
    client.release(broken);
  }
}

export async function tidyFlows(pool: pg.Pool): Promise<void> {
  await pool.query({ name: 'tidy-flows', text: TIDY_SQL });
}

function flowOf(row: FlowRow): SpokeFlow {
  const breaker = BREAKER_STATES.find((state) => state === row.breaker) ?? ORDINARY_FLOW.breaker;
  return {
    ...{ breaker, failures: row.failures, openedAtMs: row.opened_at, probeAtMs: row.probe_at, throttledUntilMs: row.throttled_until },
    drain: row.drain_started_at === null ? null : { startedAtMs: row.drain_started_at, rate: row.drain_rate },
    budgetExhaustedAtMs: row.budget_exhausted_at,
  };
}

function columnsOf(changed: readonly FlowChange[]): unknown[] {
  const of = <T>(pick: (flow: SpokeFlow) => T) => changed.map(({ after }) => pick(after));
  return [
    changed.map(({ spoke }) => spoke),
    of(({ breaker }) => breaker),
    of(({ failures }) => failures),
    of(({ drain }) => drain?.rate ?? null),
    of(({ openedAtMs }) => openedAtMs),
    of(({ probeAtMs }) => probeAtMs),
    of(({ throttledUntilMs }) => throttledUntilMs),
    of(({ drain }) => drain?.startedAtMs ?? null),
    of(({ budgetExhaustedAtMs }) => budgetExhaustedAtMs),
  ];
}
