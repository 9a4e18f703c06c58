/** The connections of one process: a pool for the hot statements, and Prisma over a pool of its own for every ordinary query. */
import { HubError, messageOf } from '@nave/core';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';

export interface Database {
  /** For the hot statements and LISTEN: waiting queries of people must not hold up messages. */
  hot: pg.Pool;
  prisma: PrismaClient;
  url: string;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  applicationName: string;
  /** Connections for the hot statements. */
  hotConnections: number;
  /** Connections for Prisma. */
  queryConnections: number;
  /** Called when an idle connection is lost; the pool replaces it by itself. */
  onConnectionLost?: (reason: string) => void;
}

/**
 * How long a connection for ordinary queries is kept without use. A new one has to read about the tables of every day first: its first plans take
 * a tenth of a second, and whoever opens the dashboard waits for several.
 */
const IDLE_MS = 300_000;

/** Opens nothing yet: connections are made on first use. */
export function openDatabase(options: DatabaseOptions): Database {
  const common = {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  };
  // The server gives up first, so that a statement never goes on after its caller was told that it failed.
  // Their plans are made while tables are empty and kept: an index is right at every size, a sequential scan only at the start.
  const indexed = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_mergejoin=off -c jit=off';
  const hot = new pg.Pool({ ...common, options: indexed, max: options.hotConnections, statement_timeout: 20_000, query_timeout: 25_000 });
  let closing = false;
  // While closing, the server may go before the last idle connection does: nothing is lost.
  const lost = (error: Error) => (closing ? undefined : options.onConnectionLost?.(messageOf(error)));
  hot.on('error', lost);
  // A process that is stopped in the middle of a transaction must not keep its locks: accepting may wait for the lane of a delivery that a person retries.
  const limits = { statement_timeout: 30_000, idle_in_transaction_session_timeout: 10_000 };
  const pool = { ...common, ...limits, max: options.queryConnections, idleTimeoutMillis: IDLE_MS };
  const adapter = new PrismaPg(pool, { onPoolError: lost });
  const prisma = new PrismaClient({ adapter });
  return {
    hot,
    prisma,
    url: options.url,
    close: async () => {
      closing = true;
      await Promise.allSettled([hot.end(), prisma.$disconnect()]);
    },
  };
}

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  // A transaction that found no connection in time, or took longer than it may.
  'P2028',
]);

/** True when an error means that the database cannot be reached or is starting, stopping or full: nothing is wrong with the request. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // SQLSTATE classes: 08 connection, 53 resources (disk full, too many connections), 57014 a statement took too long, 57P0x shutdown and crash recovery,
  // 58 system errors; 25006 a server that became a standby.
  if (/^(08|53|57014|57P0|58|25006)/.test(code) || CONNECTION_CODES.has(code)) return true;
  if (
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error/i.test(
      error.message,
    )
  )
    return true;
  return error.cause !== undefined && isDatabaseUnavailable(error.cause);
}

/** Wraps what a database call threw: `store.unavailable` (the caller may try again) or `hub.internal`. */
export function storeError(error: unknown): HubError {
  return isDatabaseUnavailable(error)
    ? new HubError('store.unavailable', { retryAfterSeconds: 2, cause: error })
    : new HubError('hub.internal', { cause: error });
}
