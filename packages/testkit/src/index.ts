export * from './adapter-contract.ts';
export * from './disposable-database.ts';
export * from './test-redis.ts';
