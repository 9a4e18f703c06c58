/** One turn of the ledger's keeper: folds counters, checks what has settled, what may have changed, and a little of everything older. */
import type { Clock, Logger } from '@nave/core';
import type { CheckpointSigner } from '../audit/chain.ts';
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';
import { checkSpan, dayOf } from './check-span.ts';
import { compareCounters, compareDay } from './compare-counters.ts';
import type { LedgerDifference } from './differences.ts';
import { foldCounters } from './fold-counters.ts';
import { changingMinutes, nextSpan } from './ledger-state.ts';
import { rollUp } from './roll-up.ts';

export interface LedgerDeps {
  db: Pick<Database, 'prisma'>;
  clock: Clock;
  signer: CheckpointSigner;
  logger: Logger;
}

/** A minute is counted when nothing of it can be under way any more in a hub that works. */
const SETTLED_MS = 90_000;
/** A pass over everything begins at most this often. */
const PASS_MS = 60_000;
/** A turn of the patrol ends with the first stretch that goes beyond: some 20,000 rows of busy days, more of sparse ones. */
const PATROL_MS = 25;
const PATROL_STEPS_MAX = 200;
const MINUTE_MS = 60_000;
const STEPS_MAX = 20;

/** Keeps up with what is accepted. @returns differences that are new or changed */
export function followLedger({ db, clock }: LedgerDeps): Promise<LedgerDifference[]> {
  return guarded(async () => {
    const changed: LedgerDifference[] = [];
    for (let step = 0; step < STEPS_MAX && (await foldCounters(db)); step++);
    for (let step = 0; step < STEPS_MAX; step++) {
      const nowMs = clock.now();
      const { checkedUntil } = await db.prisma.ledgerState.findUniqueOrThrow({ where: { id: 1 } });
      const untilMs = Math.floor((nowMs - SETTLED_MS) / MINUTE_MS) * MINUTE_MS;
      const span = await nextSpan(db.prisma, checkedUntil.getTime(), untilMs);
      const reachedMs = span?.toMs ?? untilMs;
      if (span !== null) changed.push(...(await checkSpan(db, span, nowMs)));
      // A clock that was set back must not let minutes be skipped, nor checked for ever.
      if (reachedMs > checkedUntil.getTime())
        await db.prisma.ledgerState.updateMany({ where: { id: 1, checkedUntil }, data: { checkedUntil: new Date(reachedMs) } });
      if (span === null || reachedMs >= untilMs) break;
    }
    return changed;
  });
}

/**
 * Looks again at what is open, and at a bounded stretch of everything else.
 * @param patrolMs after which no further stretch is begun; twice as long for what is open
 * @returns differences that are new or changed
 */
export function patrolLedger({ db, clock, signer, logger }: LedgerDeps, patrolMs = PATROL_MS): Promise<LedgerDifference[]> {
  return guarded(async () => {
    const changed: LedgerDifference[] = [];
    const nowMs = clock.now();
    const state = await db.prisma.ledgerState.findUniqueOrThrow({ where: { id: 1 } });
    const checkedUntil = state.checkedUntil.getTime();
    const startedAt = performance.now();
    for (const minuteMs of await changingMinutes(db.prisma, state.startedAt.getTime(), checkedUntil, nowMs)) {
      if (performance.now() - startedAt >= 2 * patrolMs) break;
      const span = await nextSpan(db.prisma, minuteMs, minuteMs + MINUTE_MS);
      if (span !== null) changed.push(...(await checkSpan(db, span, nowMs)));
    }
    changed.push(...(await patrol(db, state, nowMs, patrolMs)));
    changed.push(...(await compareCounters(db, nowMs)));
    await rollUp({ db, signer, logger }, nowMs);
    return changed;
  });
}

interface PatrolState {
  startedAt: Date;
  checkedUntil: Date;
  patrolledUntil: Date;
  patrolBeganAt: Date | null;
}

/** From the first minute to the last checked one, and again; where a day begins, its sum is compared with what was rolled up. Sparse days go many at a time. */
async function patrol(db: LedgerDeps['db'], state: PatrolState, nowMs: number, patrolMs: number): Promise<LedgerDifference[]> {
  const untilMs = state.checkedUntil.getTime();
  const changed: LedgerDifference[] = [];
  const startedAt = performance.now();
  let fromMs = Math.max(state.startedAt.getTime(), state.patrolledUntil.getTime());
  for (let step = 0; step < PATROL_STEPS_MAX && performance.now() - startedAt < patrolMs; step++) {
    const span = await nextSpan(db.prisma, fromMs, untilMs);
    if (span === null) {
      const sinceMs = nowMs - (state.patrolBeganAt?.getTime() ?? 0);
      if (sinceMs >= 0 && sinceMs < PASS_MS) break;
      await db.prisma.ledgerState.updateMany({
        where: { id: 1 },
        data: { patrolledUntil: state.startedAt, patrolBeganAt: new Date(nowMs) },
      });
      return changed;
    }
    changed.push(...(await checkSpan(db, span, nowMs)));
    if (dayOf(span.fromMs) === span.fromMs) changed.push(...(await compareDay(db, span.fromMs, nowMs)));
    fromMs = span.toMs;
  }
  if (fromMs > state.patrolledUntil.getTime())
    await db.prisma.ledgerState.updateMany({ where: { id: 1 }, data: { patrolledUntil: new Date(fromMs) } });
  return changed;
}
