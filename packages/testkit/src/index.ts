export * from './adapter-contract.ts';
export * from './disposable-database.ts';
export * from './plain-sealer.ts';
export * from './seed-rows.ts';
export * from './test-redis.ts';
