/** Compresses once, when the dashboard is built, what would else be compressed for every reader. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';

/** Encodings of RFC 9110 section 8.4.1 by the ending of their files. */
export const ENCODED = { br: '.br', gzip: '.gz' } as const;

/** Fonts and pictures are compressed already. */
const COMPRESSIBLE = /\.(js|mjs|css|svg|json|txt|xml|wasm|webmanifest)$/;
/** Below this a header more costs what is saved. */
const BYTES_MIN = 1_024;

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Writes `<file>.br` and `<file>.gz` beside every file of the folder that becomes smaller by it. */
export async function compressFiles(dir: string): Promise<void> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const content = await readFile(file);
    if (content.length < BYTES_MIN) continue;
    const params = { [zlib.BROTLI_PARAM_QUALITY]: zlib.BROTLI_MAX_QUALITY, [zlib.BROTLI_PARAM_SIZE_HINT]: content.length };
    const small = { [ENCODED.br]: await brotli(content, { params }), [ENCODED.gzip]: await gzipped(content, { level: 9 }) };
    for (const [ending, bytes] of Object.entries(small)) if (bytes.length < content.length) await writeFile(`${file}${ending}`, bytes);
  }
}
