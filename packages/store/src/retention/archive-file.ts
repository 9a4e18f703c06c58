/** One gzip file of lines, written and read back with bounded memory. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

export interface ArchivedFile {
  lines: number;
  /** Of the file as it is on disk. */
  sha256: string;
  bytes: number;
}

/** Writes batches of text; the file is on disk (fsync) when this resolves. Overwrites. */
export async function writeLines(path: string, batches: AsyncIterable<string>): Promise<void> {
  const source = new PassThrough();
  const done = pipeline(source, createGzip({ level: 6 }), createWriteStream(path));
  // Seen by the await below; until then it must not count as unhandled.
  done.catch(() => undefined);
  for await (const batch of batches) {
    if (source.destroyed) break;
    if (!source.write(batch)) await Promise.race([once(source, 'drain'), done]);
  }
  source.end();
  await done;
  await flush(path);
}

/** Reads a file back as a whole: what cannot be read is no archive. @throws when it is no gzip file or ends early */
export async function readBack(path: string): Promise<ArchivedFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  let lines = 0;
  const counted = new PassThrough();
  counted.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  await pipeline(createReadStream(path), counted, createGunzip(), async (plain: AsyncIterable<Buffer>) => {
    for await (const chunk of plain) for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
  });
  return { lines, bytes, sha256: hash.digest('hex') };
}

/** fsync of a file or directory. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
