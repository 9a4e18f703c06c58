/** The yardstick's tables and its three statements. Plans are fixed as Nave fixes its own: what is measured starts on empty tables. */
import pg from 'pg';

export interface Row {
  id: string;
  body: string;
}

export interface Rows {
  /** Message and delivery in one statement, so in one commit. */
  accept(rows: readonly Row[]): Promise<void>;
  read(ids: readonly string[]): Promise<Row[]>;
  /** @param results status null = there was no answer */
  record(results: readonly { id: string; status: number | null }[]): Promise<void>;
  close(): Promise<void>;
}

const TEXT_OID = 25;
const STATEMENT_MS = 20_000;
const PLANS = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_mergejoin=off -c jit=off';

/** Half-empty pages of deliveries leave room for the one update of each row on its own page (HOT), without touching the index. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS yardstick_message (id uuid PRIMARY KEY, received_at timestamptz NOT NULL DEFAULT now(), body text NOT NULL);
  CREATE TABLE IF NOT EXISTS yardstick_delivery (id uuid PRIMARY KEY, state text NOT NULL, status int) WITH (fillfactor = 50)`;
const ACCEPT = `WITH input AS (SELECT * FROM unnest($1::uuid[], $2::text[]) AS t(id, body)),
  message AS (INSERT INTO yardstick_message (id, body) SELECT id, body FROM input)
  INSERT INTO yardstick_delivery (id, state) SELECT id, 'pending' FROM input`;
const READ = 'SELECT id, body FROM yardstick_message WHERE id = ANY($1::uuid[]) ORDER BY id';
const RECORD = `UPDATE yardstick_delivery d SET state = CASE WHEN r.status BETWEEN 200 AND 299 THEN 'succeeded' ELSE 'failed' END, status = r.status
  FROM unnest($1::uuid[], $2::int[]) AS r(id, status) WHERE d.id = r.id`;

/** Makes the tables that are missing. @param connections of the pool */
export async function openRows(connectionString: string, connections: number): Promise<Rows> {
  const pool = new pg.Pool({ connectionString, max: connections, options: PLANS, statement_timeout: STATEMENT_MS, keepAlive: true });
  pool.on('error', (error) => console.error(`yardstick: ${error.message}`));
  await pool.query(TABLES);
  const run = async (name: string, text: string, values: unknown[]) => void (await pool.query({ name, text, values }));
  return {
    accept: (rows) => run('accept', ACCEPT, [literal(rows.map(({ id }) => id)), textArray(rows.map(({ body }) => body))]),
    read: async (ids) => (await pool.query<Row>({ name: 'read', text: READ, values: [literal(ids)] })).rows,
    record: (results) =>
      run('record', RECORD, [literal(results.map(({ id }) => id)), literal(results.map(({ status }) => status ?? 'NULL'))]),
    close: () => pool.end(),
  };
}

/** An array literal of values that need no quoting: ids and numbers. */
function literal(items: readonly (string | number)[]): string {
  return `{${items.join(',')}}`;
}

/** text[] in binary form (array_recv in arrayfuncs.c): JSON is full of quotes, each of which a literal would have to escape. */
function textArray(items: readonly string[]): Buffer {
  const sizes = items.map((item) => Buffer.byteLength(item));
  const out = Buffer.allocUnsafe(20 + sizes.reduce((sum, size) => sum + 4 + size, 0));
  for (const [n, field] of [1, 0, TEXT_OID, items.length, 1].entries()) out.writeInt32BE(field, n * 4);
  let at = 20;
  for (const [n, item] of items.entries()) {
    at = out.writeInt32BE(sizes[n] ?? 0, at);
    at += out.write(item, at, 'utf8');
  }
  return out;
}
