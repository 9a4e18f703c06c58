/** A connection of its own for long work over old days: neither messages nor people wait for it. */
import pg from 'pg';

/** Work that must not be planned as a scan of everything. */
const OPTIONS = '-c enable_seqscan=off -c jit=off';
const STATEMENT_MS = 120_000;

/** Runs work over a connection that is closed afterwards. */
export async function withMaintenanceClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'nave retention',
    connectionTimeoutMillis: 5_000,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 5_000,
    keepAlive: true,
    options: OPTIONS,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
