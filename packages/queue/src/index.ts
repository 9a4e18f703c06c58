export { prepareQueueBackend, type QueueBackend } from './backend.ts';
export { createBell } from './bell.ts';
export { createBellListener } from './bell-listener.ts';
export { createLocalTokenSource } from './rate/local-tokens.ts';
export { type CounterDatabase, createTokenSource, type TokenSourceOptions } from './rate/token-source.ts';
