/** The dashboard as a browser gets it from a hub: the page, and every file that it names, however far away. */
import { get, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface ShippedFile {
  /** Below `/assets/`. */
  name: string;
  text: string;
  /** On the wire, for a browser that takes gzip. */
  bytes: number;
  /** Files that are loaded before this one runs. */
  imports: string[];
}

export interface Shipped {
  html: string;
  headers: IncomingHttpHeaders;
  /** By name. */
  files: ReadonlyMap<string, ShippedFile>;
  /** What is loaded before a page of the dashboard is drawn: the script, what the page preloads, and the lazy chunk of that name. */
  neededFor(chunk: string): ShippedFile[];
}

const PATIENCE_MS = 30_000;
const FILES_MAX = 2_000;
const BYTES_MAX = 20_000_000;
/** In quotes, as Vite writes them: `./x.js` in imports, `assets/x.js` in the list of what a lazy chunk needs. */
const NAMED = /["'`](?:\.\/|\/?assets\/)([\w.-]+\.(?:js|css|wasm|woff2|svg|png))["'`]/g;
const IMPORTED = /(?:^|[;}\s])(?:import|export)\s*(?:[^"'`;()]*?\bfrom\s*)?["'`]\.\/([\w.-]+\.js)["'`]/g;

/** @throws Error when the page names a file that is not there */
export async function shippedBy(url: string): Promise<Shipped> {
  const page = await read(`${url}/`);
  const html = page.body.toString('utf8');
  const files = new Map<string, ShippedFile>();
  const wanted = namesIn(html);
  for (let name = wanted.pop(); name !== undefined && files.size < FILES_MAX; name = wanted.pop()) {
    if (files.has(name)) continue;
    const { body, bytes } = await read(`${url}/assets/${name}`);
    const text = body.toString('utf8');
    files.set(name, { name, text, bytes, imports: [...text.matchAll(IMPORTED)].map(([, found = '']) => found) });
    if (/\.(js|css)$/.test(name)) wanted.push(...namesIn(text));
  }
  return {
    html,
    headers: page.headers,
    files,
    neededFor(chunk) {
      const lazy = [...files.keys()].filter((name) => name.startsWith(`${chunk}-`) && /^[\w-]{8}\.js$/.test(name.slice(chunk.length + 1)));
      if (lazy.length !== 1) throw new Error(`${lazy.length} files are the chunk ${chunk}`);
      const needed = new Map<string, ShippedFile>();
      const open = [...namesIn(html).filter((name) => name.endsWith('.js')), ...lazy];
      for (let name = open.pop(); name !== undefined; name = open.pop()) {
        const file = files.get(name);
        if (file === undefined) throw new Error(`${name} is imported and not shipped`);
        if (needed.has(name)) continue;
        needed.set(name, file);
        open.push(...file.imports);
      }
      return [...needed.values()];
    },
  };
}

function namesIn(text: string): string[] {
  return [...text.matchAll(NAMED)].map(([, name = '']) => name);
}

/** As Chromium asks over plain HTTP; `body` is unpacked, `bytes` is what came. */
function read(url: string): Promise<{ body: Buffer; bytes: number; headers: IncomingHttpHeaders }> {
  return new Promise((done, fail) => {
    const headers = { accept: 'text/html,*/*', 'accept-encoding': 'gzip' };
    const asked = get(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > BYTES_MAX) response.destroy(new Error(`${url} is too large`));
        chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        if (response.statusCode !== 200) return fail(new Error(`${url}: ${response.statusCode}`));
        const raw = Buffer.concat(chunks);
        const body = response.headers['content-encoding'] === 'gzip' ? gunzipSync(raw, { maxOutputLength: BYTES_MAX }) : raw;
        done({ body, bytes, headers: response.headers });
      });
    });
    asked.on('error', fail);
  });
}
