/** The yardstick's bell: one BullMQ queue of tickets that carry ids, on Redis or on PostgreSQL. */
import { createPostgresBackend, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

export interface TicketBackend {
  /** Empty: BullMQ on PostgreSQL. */
  redisUrl: string;
  databaseUrl: string;
}

const NAME = 'tickets';
const SCHEMA = 'yardstick_queue';
/** As many tickets are fetched at once: a handler only takes the ids and returns. */
const FETCHES = 4;

/** Makes the tables of the queue where they are missing. @returns adds one ticket */
export async function openTickets({ redisUrl, databaseUrl }: TicketBackend): Promise<(ids: readonly string[]) => Promise<void>> {
  const options = { defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true } };
  const queue =
    redisUrl === ''
      ? new Queue(
          NAME,
          { ...options, connection: { connectionString: databaseUrl, schema: SCHEMA, max: 2, migrate: true } },
          createPostgresBackend,
        )
      : new Queue(NAME, { ...options, connection: new Redis(redisUrl) });
  queue.on('error', (error) => console.error(`yardstick: ${error.message}`));
  await queue.waitUntilReady();
  return async (ids) => void (await queue.add('ticket', { ids }));
}

export function hearTickets({ redisUrl, databaseUrl }: TicketBackend, onTicket: (ids: readonly string[]) => void): void {
  const options = { concurrency: FETCHES, skipStalledCheck: true, skipLockRenewal: true, lockDuration: 60_000 };
  const handle = async ({ data }: { data: unknown }): Promise<void> => {
    if (typeof data === 'object' && data !== null && 'ids' in data && Array.isArray(data.ids)) onTicket(data.ids.map(String));
  };
  const worker =
    redisUrl === ''
      ? new Worker(
          NAME,
          handle,
          { ...options, connection: { connectionString: databaseUrl, schema: SCHEMA, max: 2 } },
          createPostgresBackend,
        )
      : new Worker(NAME, handle, { ...options, connection: new Redis(redisUrl, { maxRetriesPerRequest: null }) });
  worker.on('error', (error) => console.error(`yardstick: ${error.message}`));
}
