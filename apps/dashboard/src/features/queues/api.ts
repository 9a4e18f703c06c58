/** What other screens borrow of queues. */
export { QueueStory } from './queue-story.tsx';
export { QueuesAnswer } from './queues-answer.tsx';
export { routesQuery } from './routes-query.ts';
export { useLiveQueues } from './use-live-queues.ts';
