/** One statement on the database of a hub: to look behind its back, or to spoil something. */
import pg from 'pg';

export async function sql(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, statement_timeout: 20_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text, values);
    return rows;
  } finally {
    await client.end();
  }
}

/** The number in the first row under `n`. */
export async function countOf(url: string, text: string, values: unknown[] = []): Promise<number> {
  return Number((await sql(url, text, values))[0]?.['n']);
}
