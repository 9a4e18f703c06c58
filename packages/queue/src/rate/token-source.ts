/** Where tokens are counted for all processes: Redis where there is one, else PostgreSQL; while neither answers, each process counts for itself. */
import { type Logger, messageOf, type TokenGrant, type TokenRate, type TokenSource } from '@nave/core';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import { connectRedis } from '../connect-redis.ts';
import { limiterPerRule } from './limiter-per-rule.ts';
import { postgresCounter } from './postgres-counter.ts';
import { TAKE_SCRIPT } from './redis-script.ts';
import { takeTokens } from './take-tokens.ts';

export interface TokenSourceOptions {
  /** Comma-separated list = cluster. Null: PostgreSQL. */
  redisUrl: string | null;
  /** The pool of the hot statements. */
  database: CounterDatabase;
  logger: Logger;
  /** A counter that takes longer is away: the next one is asked. Default 1 000. */
  answerMs?: number;
}

export interface CounterDatabase {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

const ANSWER_MS = 1_000;
/** After a failure a counter is not asked for so long: otherwise each taker would wait for it. */
const REST_MS = 1_000;

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { database, logger, answerMs = ANSWER_MS } = options;
  const redis =
    options.redisUrl === null
      ? null
      : connectRedis(options.redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: answerMs });
  const local = limiterPerRule(({ points, windowMs }) => new RateLimiterMemory({ points, duration: windowMs / 1_000 }));
  const counter = postgresCounter(database);
  const inPostgres = limiterPerRule(
    ({ points, windowMs }) =>
      new RateLimiterPostgres({
        ...{ storeClient: counter, storeType: 'client', tableName: 'rate_window', tableCreated: true, clearExpiredByTimeout: false },
        ...{ points, duration: windowMs / 1_000, keyPrefix: '' },
      }),
  );
  const steps: Step[] = [{ name: 'PostgreSQL', limiterOf: inPostgres, restsUntil: 0, opened: null }];
  if (redis !== null) {
    const inRedis = limiterPerRule(
      ({ points, windowMs }) =>
        new RateLimiterRedis({
          ...{ storeClient: redis, customIncrTtlLuaScript: TAKE_SCRIPT, rejectIfRedisNotReady: true },
          ...{ points, duration: windowMs, keyPrefix: '{nave}:rate' },
        }),
    );
    const opened = new Promise<void>((resolve) => redis.once('ready', () => resolve()));
    steps.unshift({ name: 'Redis', limiterOf: inRedis, restsUntil: 0, opened });
  }

  async function take(key: string, wanted: number, rate: TokenRate): Promise<TokenGrant> {
    for (const step of steps) {
      if (performance.now() < step.restsUntil) continue;
      try {
        if (step.opened !== null) {
          // Not counted elsewhere only because this process has just started.
          await answered(step.opened, answerMs);
          step.opened = null;
        }
        const grant = await answered(takeTokens(step.limiterOf, key, wanted, rate), answerMs);
        step.restsUntil = 0;
        return grant;
      } catch (error) {
        if (step.restsUntil === 0) logger.warn({ counter: step.name, reason: messageOf(error) }, 'rates cannot be counted there');
        step.restsUntil = performance.now() + REST_MS;
      }
    }
    return takeTokens(local, key, wanted, rate);
  }

  return {
    take,
    close: async () => redis?.disconnect(),
  };
}

interface Step {
  name: string;
  limiterOf: Parameters<typeof takeTokens>[0];
  /** Monotonic; 0 while it answers. */
  restsUntil: number;
  /** Resolves when it can be asked for the first time; null from then on. */
  opened: Promise<void> | null;
}

async function answered<T>(work: Promise<T>, withinMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), withinMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
