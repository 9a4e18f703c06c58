/** A PostgreSQL of the benchmark's own: the server, and the settings, that Nave runs when it has no other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@nave/store';
import pg from 'pg';

export interface BenchDatabase {
  url: string;
  pid: number;
  /** Its data goes with it. */
  stop(): Promise<void>;
}

/** @param settings over Nave's */
export async function startDatabase(settings: Readonly<Record<string, string>> = {}): Promise<BenchDatabase> {
  const dir = mkdtempSync(join(tmpdir(), 'nave-bench-postgres-'));
  const server = await startEmbeddedPostgres({ dir, database: 'nave', settings });
  // It runs in a session of its own: nobody else would end it when the benchmark is interrupted.
  const interrupted = () => process.kill(server.pid, 'SIGINT');
  process.once('exit', interrupted);
  return {
    url: server.url,
    pid: server.pid,
    async stop() {
      process.off('exit', interrupted);
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Asks one thing on a connection of its own. */
export async function queryRows<R extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<R>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
