export { type AuditEntry, auditRow } from './audit/audit-entry.ts';
export { type Database, type DatabaseOptions, isDatabaseUnavailable, openDatabase, storeError } from './database.ts';
export { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.ts';
export { type ProcessLock, takeProcessLock } from './embedded/process-lock.ts';
export { makePartitions, migrate } from './migrate/migrate.ts';
