export { type RunningHub, StartRefused, startHub } from './start-hub.ts';
