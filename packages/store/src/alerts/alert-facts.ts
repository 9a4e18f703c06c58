/** Asks the database what an alert condition finds: one bounded statement each, over the hot pool. */
import { timeOfUuid } from '@nave/core';
import type pg from 'pg';
import type { AlertFact, AlertQuestion } from './alert-fact.ts';
import { BACKLOG_SQL, DEAD_SQL, DEAD_WITHIN_SQL, ERROR_SHARE_SQL, UNKNOWN_SQL } from './delivery-facts.ts';
import { BREAKER_SQL, LEDGER_SQL, PARKED_SQL, RETENTION_SQL, RETRY_BUDGET_SQL } from './flow-facts.ts';
import { SIGN_INS_SQL, SILENT_SQL } from './sender-facts.ts';

/** A retry budget counts by the minute: so long after it was last exhausted it has something again. */
const BUDGET_MS = 60_000;

interface WaitingRow {
  spoke: string;
  count: number;
  oldest: string | null;
  samples: string[] | null;
  reasons?: string[] | null;
}

/** The subjects for which the condition holds now. @throws the driver's error */
export async function alertFacts(pool: pg.Pool, question: AlertQuestion, nowMs: number): Promise<AlertFact[]> {
  const ago = (ms: number) => new Date(nowMs - ms);
  switch (question.condition) {
    case 'dead':
      return question.windowMs === null
        ? waiting(pool, 'alert-dead', DEAD_SQL, [question.count])
        : waiting(pool, 'alert-dead-within', DEAD_WITHIN_SQL, [question.count, ago(question.windowMs)]);
    case 'unknown':
      return waiting(pool, 'alert-unknown', UNKNOWN_SQL, [question.count]);
    case 'parked': {
      const rows = await ask<WaitingRow & { sinceAt: Date }>(pool, 'alert-parked', PARKED_SQL, [question.count]);
      return rows.map(({ spoke, count, sinceAt, samples }) => ofSpoke(spoke, { count, oldestAt: sinceAt.toISOString() }, samples));
    }
    case 'breaker': {
      const rows = await ask<{ spoke: string; state: string; sinceAt: Date | null }>(pool, 'alert-breaker', BREAKER_SQL);
      return rows.map(({ spoke, sinceAt }) => ofSpoke(spoke, { openSince: sinceAt?.toISOString() ?? null }));
    }
    case 'retryBudget': {
      const rows = await ask<{ spoke: string; sinceAt: Date }>(pool, 'alert-retry-budget', RETRY_BUDGET_SQL, [ago(BUDGET_MS)]);
      return rows.map(({ spoke, sinceAt }) => ofSpoke(spoke, { exhaustedAt: sinceAt.toISOString() }));
    }
    case 'retention': {
      const rows = await ask<{ days: number; oldestDay: string; blockedBy: string }>(pool, 'alert-retention', RETENTION_SQL);
      return rows.map((figures) => ({ subject: 'hub', spoke: null, figures: { ...figures }, samples: [] }));
    }
    case 'ledger':
      return ledger(pool);
    case 'backlog': {
      const rows = await ask<{ spoke: string; oldest: string; state: string; samples: string[] }>(pool, 'alert-backlog', BACKLOG_SQL, [
        ago(question.olderThanMs),
      ]);
      return rows.map(({ spoke, oldest, state, samples }) =>
        ofSpoke(spoke, { oldestAt: new Date(timeOfUuid(oldest)).toISOString(), state }, samples),
      );
    }
    case 'errorShare': {
      const values = [ago(question.windowMs), question.share, question.minimum];
      const rows = await ask<{ spoke: string; attempts: number; failed: number; samples: string[] | null }>(
        ...([pool, 'alert-error-share', ERROR_SHARE_SQL, values] as const),
      );
      return rows.map(({ spoke, attempts, failed, samples }) => ofSpoke(spoke, { attempts, failed }, samples));
    }
    case 'signIns': {
      const values = [ago(question.windowMs), question.count];
      const rows = await ask<{ spoke: string | null; count: number; actors: number }>(pool, 'alert-sign-ins', SIGN_INS_SQL, values);
      return rows.map(({ spoke, ...figures }) =>
        spoke === null ? { subject: 'hub', spoke, figures, samples: [] } : ofSpoke(spoke, figures),
      );
    }
    case 'silent': {
      const values = [new Date(nowMs), question.factor, question.minimumMs / 1_000];
      const rows = await ask<{ spoke: string; last: string; gapSeconds: number }>(pool, 'alert-silent', SILENT_SQL, values);
      return rows.map(({ spoke, last, gapSeconds }) =>
        ofSpoke(spoke, { lastAt: new Date(timeOfUuid(last)).toISOString(), usualGapSeconds: Math.round(gapSeconds) }, [last]),
      );
    }
  }
}

async function waiting(pool: pg.Pool, name: string, text: string, values: unknown[]): Promise<AlertFact[]> {
  return (await ask<WaitingRow>(pool, name, text, values)).map(({ spoke, count, oldest, samples, reasons }) =>
    ofSpoke(
      spoke,
      {
        count,
        ...(oldest === null ? {} : { oldestAt: new Date(timeOfUuid(oldest)).toISOString() }),
        ...(reasons === undefined || reasons === null || reasons.length === 0 ? {} : { reasons }),
      },
      samples,
    ),
  );
}

async function ledger(pool: pg.Pool): Promise<AlertFact[]> {
  interface Row {
    route: string;
    differences: number;
    fromAt: Date;
    toAt: Date;
    expected: number;
    found: number;
    samples: string[] | null;
  }
  return (await ask<Row>(pool, 'alert-ledger', LEDGER_SQL)).map(({ route, fromAt, toAt, samples, ...figures }) => ({
    // The empty route counts messages.
    subject: route === '' ? 'hub' : `route:${route}`,
    spoke: null,
    figures: { ...figures, from: fromAt.toISOString(), to: toAt.toISOString() },
    samples: samples ?? [],
  }));
}

async function ask<Row extends object>(pool: pg.Pool, name: string, text: string, values: unknown[] = []): Promise<Row[]> {
  return (await pool.query<Row>({ name, text, values })).rows;
}

function ofSpoke(spoke: string, figures: AlertFact['figures'], samples: readonly string[] | null = []): AlertFact {
  return { subject: `spoke:${spoke}`, spoke, figures, samples: samples ?? [] };
}
