/** The terms of the ledger's equation: every accepted run is in exactly one of these (design.md section 4, Conservation). */
export const RUN_STATES = [
  'succeeded',
  'filtered',
  'skipped',
  'running',
  'waiting',
  'held',
  'unknown',
  'dead',
  'cancelled',
  'compensated',
] as const;
export type RunState = (typeof RUN_STATES)[number];

export type RunCounts = Record<RunState, number>;

/** What a run's last delivery says of the run, as SQL over its columns `state` and `reason`. */
export const RUN_STATE_SQL = `CASE d.state WHEN 'pending' THEN 'waiting' WHEN 'retrying' THEN 'waiting' WHEN 'active' THEN 'running'
  WHEN 'skipped' THEN CASE WHEN d.reason = 'filtered' THEN 'filtered' ELSE 'skipped' END ELSE d.state::text END`;

/** States that may still change by themselves or by a person: such minutes are counted again. */
export const CHANGING: readonly RunState[] = ['running', 'waiting', 'held', 'unknown', 'dead'];

export function noRuns(): RunCounts {
  return { succeeded: 0, filtered: 0, skipped: 0, running: 0, waiting: 0, held: 0, unknown: 0, dead: 0, cancelled: 0, compensated: 0 };
}

/** Reads counts back from JSON; what is no count is 0. */
export function countsOf(json: unknown): RunCounts {
  const counts = noRuns();
  if (typeof json !== 'object' || json === null) return counts;
  for (const state of RUN_STATES) {
    const value: unknown = Reflect.get(json, state);
    if (typeof value === 'number') counts[state] = value;
  }
  return counts;
}

export function addCounts(into: RunCounts, more: RunCounts): void {
  for (const state of RUN_STATES) into[state] += more[state];
}
