/** The yardstick's delivering side as a process of its own (SPLIT=1): tells its parent how many results it recorded. */
import { startDelivering } from './deliver.ts';
import { openRows } from './rows.ts';
import { hearTickets } from './tickets.ts';

const CONNECTIONS = 4;
const databaseUrl = process.env['DATABASE_URL'] ?? '';

process.on('disconnect', () => process.exit(0));
const rows = await openRows(databaseUrl, CONNECTIONS);
const onRecorded = (count: number) => void process.send?.(count);
const deliver = startDelivering({ rows, sinkPort: Number(process.env['SINK_PORT']), onRecorded });
hearTickets({ databaseUrl, redisUrl: process.env['REDIS_URL'] ?? '' }, deliver);
process.send?.('ready');
