/**
 * The yardstick: the barest durable hub on the same stack. Fastify accepts, a group commit writes message and delivery, a ticket per batch rings through
 * BullMQ, undici delivers, a batch update records. No attempts, audit, sealing, keys, routing, mapping, limits or metrics.
 * Environment: DATABASE_URL; REDIS_URL for BullMQ on Redis, else on PostgreSQL; SINK_PORT; SPLIT=1 to deliver in a process of its own.
 */
import { fork } from 'node:child_process';
import { startAccepting } from './accept.ts';
import { startDelivering } from './deliver.ts';
import { openRows } from './rows.ts';
import { hearTickets, openTickets } from './tickets.ts';

const CONNECTIONS = 4;
const databaseUrl = process.env['DATABASE_URL'] ?? '';
const backend = { databaseUrl, redisUrl: process.env['REDIS_URL'] ?? '' };

process.on('disconnect', () => process.exit(0));
const rows = await openRows(databaseUrl, CONNECTIONS);
const accepting = await startAccepting({ rows, ring: await openTickets(backend) });
if (process.env['SPLIT'] === '1') await split();
else hearTickets(backend, startDelivering({ rows, sinkPort: Number(process.env['SINK_PORT']), onRecorded: accepting.delivered }));
process.send?.({ port: accepting.port });

function split(): Promise<void> {
  const worker = fork(new URL('./worker.ts', import.meta.url));
  worker.once('exit', () => process.exit(1));
  process.once('exit', () => worker.kill());
  return new Promise((ready) => {
    worker.on('message', (message) => {
      if (typeof message === 'number') accepting.delivered(message);
      else ready();
    });
  });
}
