export { type RunningHub, startHub } from './start-hub.ts';
export { StartRefused } from './start-refused.ts';
