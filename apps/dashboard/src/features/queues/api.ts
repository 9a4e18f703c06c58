/** What other screens borrow of queues. */
export { byAttention, type QueueRow, queueRow, TROUBLES, type Trouble, troublesOf } from './queue-attention.ts';
export { routesQuery } from './routes-query.ts';
export { useLiveQueues } from './use-live-queues.ts';
