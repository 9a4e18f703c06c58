export * from './call-end.ts';
export type { Call, CallRunner, CallRunnerDeps, HeldCallLease } from './call-runner.ts';
export { createCallRunner } from './call-runner.ts';
export type { Reply } from './make-reply.ts';
export { isReplyHeader } from './reply-headers.ts';
export * from './response-cache.ts';
export * from './turns.ts';
