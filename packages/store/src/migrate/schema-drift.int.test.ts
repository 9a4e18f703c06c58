/**
 * The migrations are written by hand where Prisma has no words (partitions, partial and block range indexes, storage). What Prisma does have words for
 * must be the same in both: the schema it would make from `schema.prisma` is made next to the migrated one and their catalogues are compared.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DisposableDatabase, disposableDatabase } from '@nave/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRISMA_DIR, withSchemaEngine } from './schema-engine.ts';

/** Partitions are tables too (`relispartition`); the parent stands for them. */
const OURS = `c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND c.relname NOT LIKE '\\_prisma%'`;

const QUERIES = {
  'columns with type and nullability': `
    SELECT format('%s.%s %s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE ${OURS} AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`,
  'column defaults': `
    SELECT format('%s.%s %s', c.relname, a.attname, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum WHERE ${OURS}`,
  'primary keys': `
    SELECT format('%s %s', c.relname, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE ${OURS} AND k.contype = 'p'`,
  'foreign keys': `
    SELECT format('%s %s', c.relname, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE ${OURS} AND k.contype = 'f'`,
  // Partial and block range indexes cannot be said in schema.prisma.
  'whole b-tree indexes': `
    SELECT format('%s%s (%s)', t.relname, CASE WHEN i.indisunique THEN ' unique' ELSE '' END,
      (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, false), ', ' ORDER BY n) FROM generate_series(1, i.indnkeyatts) n))
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_am m ON m.oid = c.relam
    WHERE ${OURS} AND NOT i.indisprimary AND i.indpred IS NULL AND m.amname = 'btree'`,
  'enums with their values in order': `
    SELECT format('%s: %s', t.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder))
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.typname`,
} as const;

let migrated: DisposableDatabase;
let fromSchema: DisposableDatabase;

beforeAll(async () => {
  migrated = await disposableDatabase();
  fromSchema = await disposableDatabase();
  const path = join(PRISMA_DIR, 'schema.prisma');
  const made = await withSchemaEngine(migrated.url, (engine) =>
    engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: [{ path, content: readFileSync(path, 'utf8') }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  await run(fromSchema.url, `DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${made.stdout ?? ''}`);
});

afterAll(async () => {
  await migrated.drop();
  await fromSchema.drop();
});

describe('the migrated database and schema.prisma agree on', () => {
  it.each(Object.entries(QUERIES))('%s', async (_name, query) => {
    const wanted = await run(fromSchema.url, query);
    expect(await run(migrated.url, query)).toEqual(wanted);
  });

  it('something: the comparison does see the tables', async () => {
    expect(await run(fromSchema.url, QUERIES['primary keys'])).toContain('message PRIMARY KEY (id)');
  });
});

async function run(url: string, sql: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const result = await client.query<{ format: string }>(sql);
    return (result.rows ?? []).map((row) => row.format).sort();
  } finally {
    await client.end();
  }
}
