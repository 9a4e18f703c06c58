export * from './disposable-database.ts';
export * from './test-redis.ts';
