/** The storage ports of the hot path over one pool, with the driver's errors told apart: try again, cannot reach, or cannot store. */
import { HubError, type MessageStore, type SweepStore } from '@nave/core';
import type pg from 'pg';
import { isDatabaseUnavailable } from '../database.ts';
import { makePartitions } from '../migrate/migrate.ts';
import { accept } from './accept.ts';
import { claim, claimDue } from './claim.ts';
import { advanceLanes, createLaneMender } from './lanes.ts';
import { markSending, renew } from './lease.ts';
import { record } from './record.ts';
import { stepOutputs } from './step-outputs.ts';
import { expireLeases, FORGET_SQL, HOLD_BROKEN_SQL, HOLD_PAUSED_SQL, ringDue } from './sweep.ts';
import { waiting } from './waiting.ts';

export function createMessageStore(pool: pg.Pool): MessageStore & SweepStore {
  const mendLanes = createLaneMender(pool);
  return {
    accept: (batch, _nowMs, taken) => classified(accept(pool, batch, taken)),
    claim: (ids, owner, leaseMs) => classified(claim(pool, ids, owner, leaseMs)),
    claimDue: (spoke, limit, owner, leaseMs) => classified(claimDue(pool, spoke, limit, owner, leaseMs)),
    markSending: (entries) => classified(markSending(pool, entries)),
    record: (batch) => classified(record(pool, batch)),
    advanceLanes: (lanes) => classified(advanceLanes(pool, lanes)),
    renew: (leases, owner, leaseMs) => classified(renew(pool, leases, owner, leaseMs)),
    stepOutputs: (...which) => classified(stepOutputs(pool, ...which)),
    waiting: (perSpoke) => classified(waiting(pool, perSpoke)),
    ringDue: (perSpoke, graceMs) => classified(ringDue(pool, perSpoke, graceMs)),
    expireLeases: () => classified(expireLeases(pool)),
    holdPaused: () => classified(changed(pool, 'hold-paused', HOLD_PAUSED_SQL)),
    holdBroken: () => classified(changed(pool, 'hold-broken', HOLD_BROKEN_SQL)),
    mendLanes: (limit) => classified(mendLanes(limit)),
    forgetExpired: (limit) => classified(changed(pool, 'forget', FORGET_SQL, [limit])),
    makePartitions: () => classified(makePartitions(pool)),
  };
}

/** Named, so that it is planned once per connection: over many partitions planning costs more than the work. */
async function changed(pool: pg.Pool, name: string, text: string, values: unknown[] = []): Promise<number> {
  return (await pool.query({ name, text, values })).rowCount ?? 0;
}

async function classified<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '40001' || code === '40P01') throw new HubError('store.conflict', { cause: error });
    if (isDatabaseUnavailable(error)) throw new HubError('store.unavailable', { retryAfterSeconds: 2, cause: error });
    throw new HubError('hub.internal', { cause: error });
  }
}
