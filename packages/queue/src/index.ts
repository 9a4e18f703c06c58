export { prepareQueueBackend, type QueueBackend } from './backend.ts';
export { createBell } from './bell.ts';
export { createBellListener } from './bell-listener.ts';
