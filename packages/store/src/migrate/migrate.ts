/** Applies the migrations of `prisma/migrations` with Prisma's own schema engine (its WebAssembly build: nothing is downloaded). */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HubError } from '@nave/core';
import pg from 'pg';
import { CONNECT_MS, PRISMA_DIR, withSchemaEngine } from './schema-engine.ts';

/** Any number will do, as long as every process of Nave takes the same. */
const LOCK = 7_283_001;
const PARTITIONS_AHEAD_DAYS = 3;

export interface Migration {
  name: string;
  sql: string;
}

/** The migrations of this version of Nave, oldest first. */
function listMigrations(): Migration[] {
  const dir = join(PRISMA_DIR, 'migrations');
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({ name: entry.name, sql: readFileSync(join(dir, entry.name, 'migration.sql'), 'utf8') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Brings a database to this version's schema; several processes may start at once, one migrates.
 * @returns names of the migrations applied now
 * @throws HubError `store.unavailable` when the server is older than PostgreSQL 14 or a migration fails
 */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ v: number }>(`SELECT current_setting('server_version_num')::int AS v`);
    const version = rows[0]?.v ?? 0;
    if (version < 140_000)
      throw new HubError('store.unavailable', { detail: `PostgreSQL 14 or newer is needed, this one is ${version / 10_000}` });
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const migrations = listMigrations();
    const pending = await pendingOf(client, migrations);
    const applied = pending.length === 0 ? [] : await applyWithEngine(url, migrations);
    await makePartitions(client);
    return applied;
  } finally {
    await client.end();
  }
}

/** Makes the partitions of today and the next days; idempotent, called at start and by the sweep. */
export async function makePartitions(client: pg.ClientBase | pg.Pool): Promise<void> {
  await client.query(
    `SELECT nave_make_partitions((now() AT TIME ZONE 'UTC')::date + d) FROM generate_series(0, ${PARTITIONS_AHEAD_DAYS}) AS d`,
  );
}

async function pendingOf(client: pg.Client, migrations: readonly Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ found: boolean }>(`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS found`);
  if (rows[0]?.found !== true) return migrations.map(({ name }) => name);
  const done = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const applied = new Map(done.rows.map((row) => [row.migration_name, row.checksum]));
  for (const { name, sql } of migrations) {
    const checksum = applied.get(name);
    if (checksum !== undefined && checksum !== createHash('sha256').update(sql).digest('hex')) {
      throw new HubError('store.unavailable', { detail: `The migration ${name} was changed after it was applied to this database` });
    }
  }
  return migrations.map(({ name }) => name).filter((name) => !applied.has(name));
}

/** The migrations as the engine wants them. */
function migrationsList(migrations: readonly Migration[]) {
  const lock = join(PRISMA_DIR, 'migrations', 'migration_lock.toml');
  return {
    baseDir: join(PRISMA_DIR, 'migrations'),
    lockfile: { path: 'migration_lock.toml', content: readFileSync(lock, 'utf8') },
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
    shadowDbInitScript: '',
  };
}

async function applyWithEngine(url: string, migrations: readonly Migration[]): Promise<string[]> {
  try {
    return await withSchemaEngine(url, async (engine) => {
      const result = await engine.applyMigrations({
        migrationsList: migrationsList(migrations),
        filters: { externalTables: [], externalEnums: [] },
      });
      return result.appliedMigrationNames;
    });
  } catch (cause) {
    throw new HubError('store.unavailable', { detail: 'The database schema could not be brought up to date', cause });
  }
}
