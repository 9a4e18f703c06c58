export * from './adapter.ts';
export * from './secrets.ts';
