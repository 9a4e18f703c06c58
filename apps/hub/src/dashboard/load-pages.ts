/**
 * A built dashboard in memory, with everything that is the same for each answer made beforehand. In memory, because a newer build may take the place of the files
 * while this hub still serves the page that names the older ones.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENCODED } from './compress-files.ts';
import type { DashboardFolder } from './dashboard-folder.ts';
import { builtStamp } from './source-stamp.ts';

export interface Pages {
  /** index.html, cut where the nonce of an answer goes. */
  index: readonly string[];
  /** Everything else by its path, e.g. `/assets/main-B5x.js`. */
  files: ReadonlyMap<string, PageFile>;
}

export interface PageFile {
  contentType: string;
  /** Its name changes with its content. */
  immutable: boolean;
  /** Without quotes; that of an encoded body ends with `-<encoding>`. */
  tag: string;
  body: Buffer;
  encoded: Partial<Record<Encoding, Buffer>>;
}

export type Encoding = keyof typeof ENCODED;

const NONCE = '__NONCE__';
const ASSETS = '/assets/';
const TRIES = 5;
const PAUSE_MS = 200;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** @throws the error of the file system when it cannot be read */
export async function loadPages(folder: DashboardFolder): Promise<Pages> {
  for (let left = TRIES; ; left--) {
    const before = builtStamp(folder);
    try {
      const pages = await read(folder.dist);
      // Another process moved a newer build in meanwhile: half of each would be neither.
      if (builtStamp(folder) === before || left <= 1) return pages;
    } catch (error) {
      if (left <= 1) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

async function read(dist: string): Promise<Pages> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const contents = new Map<string, Buffer>();
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith('.')) continue;
    const file = join(entry.parentPath, entry.name);
    contents.set(`/${relative(dist, file).split(sep).join('/')}`, await readFile(file));
  }
  const index = contents.get('/index.html');
  if (index === undefined) throw new Error('dist has no index.html');
  const files = new Map<string, PageFile>();
  for (const [path, body] of contents) {
    if (path === '/index.html' || isEncoded(path, contents)) continue;
    const encoded: PageFile['encoded'] = {};
    const [br, gzip] = [contents.get(path + ENCODED.br), contents.get(path + ENCODED.gzip)];
    if (br !== undefined) encoded.br = br;
    if (gzip !== undefined) encoded.gzip = gzip;
    files.set(path, {
      contentType: TYPES[extname(path)] ?? 'application/octet-stream',
      immutable: path.startsWith(ASSETS),
      tag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
      body,
      encoded,
    });
  }
  return { index: index.toString('utf8').split(NONCE), files };
}

function isEncoded(path: string, contents: ReadonlyMap<string, Buffer>): boolean {
  return Object.values(ENCODED).some((ending) => path.endsWith(ending) && contents.has(path.slice(0, -ending.length)));
}
