/** Writes a day to a folder before it is dropped: gzip NDJSON per table, the wrapped data keys, and a manifest that says what belongs to it. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { type ArchivedFile, flush, readBack, writeLines } from './archive-file.ts';
import { ARCHIVED, dataKeyOf, lineOf, type Row } from './archive-row.ts';
import { DAY_TABLES, type DayTable, dayName, idsOf } from './day-partitions.ts';

export interface ArchiveManifest {
  version: 1;
  day: string;
  writtenAt: string;
  files: Record<string, ArchivedFile>;
  /** Keys of the sealed values, wrapped: they open with the `NAVE_SECRET_KEY` of the hub and with nothing else. */
  dataKeys: { id: number; scope: string; day: string; wrapped: string }[];
  /** The ledger's totals of the day. */
  totals: unknown;
}

const ROWS_AT_ONCE = 500;
/** Sealed bytes in memory at once, about; one row is always taken. */
const BYTES_AT_ONCE = 8 * 1024 * 1024;
const KEYS_AT_ONCE = 1_000;

/**
 * Written under a temporary name, read back, compared with the tables, then renamed: a folder that is named after a day is whole. An earlier one is replaced.
 * @param totals stored in the manifest
 * @returns path of the folder
 * @throws when a file cannot be written or does not hold as many lines as its table rows
 */
export async function archiveDay(client: pg.Client, archiveDir: string, day: number, totals: unknown): Promise<string> {
  const name = dayName(day);
  await mkdir(archiveDir, { recursive: true, mode: 0o700 });
  for (const left of await readdir(archiveDir)) if (left.startsWith(`.${name}.`)) await rm(join(archiveDir, left), { recursive: true });
  const folder = join(archiveDir, `.${name}.${randomBytes(4).toString('hex')}`);
  await mkdir(folder, { mode: 0o700 });
  const keyIds = new Set<number>();
  const files: Record<string, ArchivedFile> = {};
  for (const table of DAY_TABLES) {
    const file = `${ARCHIVED[table].file}.ndjson.gz`;
    await writeLines(join(folder, file), linesOf(client, table, day, keyIds));
    files[file] = await readBack(join(folder, file));
    const rows = await countOf(client, table, day);
    if (rows !== files[file].lines) throw new Error(`the archive of ${name} has ${files[file].lines} ${table} rows instead of ${rows}`);
  }
  const manifest: ArchiveManifest = {
    ...{ version: 1, day: name, writtenAt: new Date().toISOString(), files },
    dataKeys: await dataKeys(client, [...keyIds]),
    totals,
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await flush(join(folder, 'manifest.json'));
  await flush(folder);
  const final = join(archiveDir, name);
  await rm(final, { recursive: true, force: true });
  await rename(folder, final);
  await flush(archiveDir);
  return final;
}

/** Checks an archived day against its manifest. @returns what is wrong with it, or null */
export async function archiveProblem(folder: string): Promise<string | null> {
  try {
    const manifest: ArchiveManifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    for (const [file, expected] of Object.entries(manifest.files)) {
      const found = await readBack(join(folder, file));
      if (found.sha256 !== expected.sha256 || found.lines !== expected.lines) return `${file} is not what the manifest says`;
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be read';
  }
}

async function countOf(client: pg.Client, table: DayTable, day: number): Promise<number> {
  const { low, high } = idsOf(day);
  const [key] = ARCHIVED[table].key;
  const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE ${key} >= $1 AND ${key} < $2`, [low, high]);
  return Number(rows[0]?.n);
}

/** The rows of a day in the order of their keys; a batch ends at so many rows or sealed bytes. */
async function* linesOf(client: pg.Client, table: DayTable, day: number, keyIds: Set<number>): AsyncGenerator<string> {
  const { columns, sealed, key } = ARCHIVED[table];
  const { low, high } = idsOf(day);
  const size = sealed.map((column) => `coalesce(octet_length(${column}), 0)`).join(' + ');
  const order = key.join(', ');
  const [id] = key;
  const text = (after: string) => `WITH next AS (
      SELECT ${columns.join(', ')}, sum(${size}) OVER (ORDER BY ${order}) - (${size}) AS before
      FROM (SELECT * FROM ${table} WHERE ${id} >= $1 AND ${id} < $2 ${after} ORDER BY ${order} LIMIT ${ROWS_AT_ONCE}) AS page
    ) SELECT ${columns.join(', ')} FROM next WHERE before < ${BYTES_AT_ONCE} ORDER BY ${order}`;
  const after = `AND (${order}) > (${key.map((_, n) => `$${n + 3}`).join(', ')})`;
  let last: unknown[] | null = null;
  for (;;) {
    const { rows }: { rows: Row[] } = await client.query<Row>(text(last === null ? '' : after), [low, high, ...(last ?? [])]);
    const end = rows.at(-1);
    if (end === undefined) return;
    last = key.map((column) => end[column]);
    if (table !== 'message_key')
      for (const row of rows) {
        for (const column of sealed) {
          const keyId = dataKeyOf(row[column]);
          if (keyId !== null) keyIds.add(keyId);
        }
      }
    yield rows.map((row) => lineOf(columns, row)).join('');
  }
}

async function dataKeys(client: pg.Client, ids: readonly number[]): Promise<ArchiveManifest['dataKeys']> {
  const found: ArchiveManifest['dataKeys'] = [];
  for (let start = 0; start < ids.length; start += KEYS_AT_ONCE) {
    const { rows } = await client.query<{ id: number; scope: string; day: string; wrapped: Buffer }>(
      'SELECT id, scope, day::text AS day, wrapped FROM data_key WHERE id = ANY($1::int[]) ORDER BY id',
      [ids.slice(start, start + KEYS_AT_ONCE)],
    );
    found.push(...rows.map(({ wrapped, ...row }) => ({ ...row, wrapped: wrapped.toString('base64') })));
  }
  return found;
}
