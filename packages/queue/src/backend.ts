/** Where BullMQ keeps its queues: Redis (or Valkey, or a cluster of either) when there is one, else the PostgreSQL of the hub in a schema of its own. */
import { createPostgresBackend, Queue, type QueueOptions, Worker, type WorkerOptions } from 'bullmq';
import { connectRedis } from './connect-redis.ts';
import { entriesOf, type Ticket, ticketOf } from './ticket.ts';

export interface QueueBackend {
  /** Comma-separated list = cluster. Null: PostgreSQL. */
  redisUrl: string | null;
  postgresUrl: string;
}

/** Schema of BullMQ's tables: the migrations of the hub never look at it. */
const SCHEMA = 'nave_queue';
const SINGLES_MAX = 4;
/** The hash tag keeps all keys of a queue in one slot of a cluster. */
const PREFIX = '{nave}';

export interface TicketQueue {
  add(tickets: readonly Ticket[]): Promise<void>;
  close(): Promise<void>;
}

export interface TicketWorker {
  /** Resolves when the worker is closed. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/** On PostgreSQL BullMQ's bulk insert costs ten times a single one: it pays only for several tickets at once. */
async function addTo(queue: Pick<Queue, 'add' | 'addBulk'>, tickets: readonly Ticket[]): Promise<void> {
  if (tickets.length <= SINGLES_MAX) await Promise.all(tickets.map((data) => queue.add('ticket', data)));
  else await queue.addBulk(tickets.map((data) => ({ name: 'ticket', data })));
}

/** A queue to ring on: fails fast while the backend cannot be reached, rings are never kept waiting. */
export function openQueue(backend: QueueBackend, name: string): TicketQueue {
  const common = { defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true } } satisfies Partial<QueueOptions>;
  if (backend.redisUrl !== null) {
    const connection = connectRedis(backend.redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
    // BullMQ asks for the server's version at once and never again: on a connection that is not there yet it would be of no use for ever.
    const opened = new Promise<void>((resolve) => connection.once('ready', () => resolve())).then(() => {
      const queue = new Queue(name, { ...common, connection, prefix: PREFIX, skipWaitingForReady: true });
      queue.on('error', () => undefined);
      return queue;
    });
    let isOpen = false;
    void opened.then(() => {
      isOpen = true;
    });
    return {
      add: async (tickets) => addTo(await opened, tickets),
      close: async () => {
        if (isOpen) await (await opened).close();
        connection.disconnect();
      },
    };
  }
  const connection = {
    connectionString: backend.postgresUrl,
    schema: SCHEMA,
    max: 2,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 5_000,
  };
  const queue = new Queue(name, { ...common, connection }, createPostgresBackend);
  queue.on('error', () => undefined);
  return { add: (tickets) => addTo(queue, tickets), close: () => queue.close() };
}

/** A worker that hands tickets over and returns at once. A ticket that is lost with its worker is rung again by the sweep, so nothing is checked for stalls. */
export function openWorker(
  backend: QueueBackend,
  name: string,
  onTicket: (ticket: Ticket) => void,
  onError: (error: Error) => void,
): TicketWorker {
  const options = {
    autorun: false,
    // Tickets are fetched one by one and each takes a turn of a busy event loop: several at once keep up with what is rung.
    concurrency: backend.redisUrl === null ? 3 : 8,
    skipStalledCheck: true,
    skipLockRenewal: true,
    lockDuration: 60_000,
  } satisfies Partial<WorkerOptions>;
  const handle = async ({ data }: { data: unknown }) => onTicket(ticketOf(entriesOf(data)));
  if (backend.redisUrl !== null) {
    const connection = connectRedis(backend.redisUrl, { maxRetriesPerRequest: null, enableOfflineQueue: true });
    const worker = new Worker(name, handle, { ...options, connection, prefix: PREFIX });
    worker.on('error', onError);
    return {
      run: () => worker.run(),
      close: async () => {
        await worker.close(true);
        connection.disconnect();
      },
    };
  }
  const connection = { connectionString: backend.postgresUrl, schema: SCHEMA, max: 2, connectionTimeoutMillis: 3_000, keepAlive: true };
  const worker = new Worker(name, handle, { ...options, connection }, createPostgresBackend);
  worker.on('error', onError);
  return { run: () => worker.run(), close: () => worker.close(true) };
}

/** Of the connection at start: the code of the hub loads meanwhile, and on a busy machine keeps this process from the answer for seconds. */
const CONNECT_MS = 30_000;

/** Creates BullMQ's tables in PostgreSQL where they are missing. One process at a time (the caller holds a lock); nothing to do on Redis. */
export async function prepareQueueBackend(backend: QueueBackend): Promise<void> {
  if (backend.redisUrl !== null) return;
  const connection = { connectionString: backend.postgresUrl, schema: SCHEMA, max: 1, migrate: true, connectionTimeoutMillis: CONNECT_MS };
  const queue = new Queue('tickets', { connection }, createPostgresBackend);
  queue.on('error', () => undefined);
  try {
    await queue.waitUntilReady();
  } finally {
    await queue.close();
  }
}
