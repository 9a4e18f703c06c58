export * from './common.ts';
export * from './key.ts';
