import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { HubError, isHubError } from '@nave/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBodyBudget } from '../limits/body-budget.ts';
import { readBody } from './read-body.ts';

const MAX = 1_000;
const full = () => new HubError('limit.overload');
const room = () => ({ account: createBodyBudget(1_000_000).open(), full });
const read = (chunks: readonly Buffer[], headers: IncomingHttpHeaders = {}, max = MAX) =>
  readBody(Readable.from(chunks, { objectMode: false }), headers, max, room());
const HELLO = Buffer.from('hello');

describe('readBody', () => {
  it('gives the exact bytes, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 10 }), async (parts) => {
        const chunks = parts.map((part) => Buffer.from(part));
        expect(await read(chunks)).toEqual(Buffer.concat(chunks));
      }),
    );
  });

  it.each([
    ['gzip', gzipSync(HELLO)],
    ['x-gzip', gzipSync(HELLO)],
    [' GZIP ', gzipSync(HELLO)],
    ['deflate', deflateSync(HELLO)],
    ['br', brotliCompressSync(HELLO)],
    ['identity', HELLO],
    ['', HELLO],
  ])('undoes the coding %j', async (coding, bytes) => {
    expect(await read([bytes], { 'content-encoding': coding })).toEqual(HELLO);
  });

  it.each(['zstd', 'compress', 'gzip, br', 'toString', '__proto__'])('refuses the coding %s, which nobody here knows', async (coding) => {
    await expect(read([HELLO], { 'content-encoding': coding })).rejects.toMatchObject({ code: 'request.media-type' });
  });

  it.each(['gzip', 'deflate', 'br'])('refuses what is not %s although it says so', async (coding) => {
    await expect(read([HELLO], { 'content-encoding': coding })).rejects.toMatchObject({ code: 'request.malformed' });
    await expect(read([], { 'content-encoding': coding })).rejects.toMatchObject({ code: 'request.malformed' });
    await expect(read([gzipSync(HELLO).subarray(0, 12)], { 'content-encoding': coding })).rejects.toMatchObject({
      code: 'request.malformed',
    });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('refuses a bomb in %s without inflating it', async (coding, compress) => {
    const bomb = compress(Buffer.alloc(50_000_000));
    const before = process.memoryUsage().arrayBuffers;
    await expect(read([bomb], { 'content-encoding': coding }, 100_000)).rejects.toMatchObject({ code: 'request.too-large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('takes exactly as much as allowed, on the wire and inflated', async () => {
    expect(await read([Buffer.alloc(MAX)])).toHaveLength(MAX);
    expect(await read([gzipSync(Buffer.alloc(MAX))], { 'content-encoding': 'gzip' })).toHaveLength(MAX);
    await expect(read([Buffer.alloc(MAX), Buffer.alloc(1)])).rejects.toMatchObject({ code: 'request.too-large' });
    await expect(read([gzipSync(Buffer.alloc(MAX + 1))], { 'content-encoding': 'gzip' })).rejects.toMatchObject({
      code: 'request.too-large',
    });
  });

  it('refuses by the declared length before reading anything', async () => {
    const never = new PassThrough();
    await expect(readBody(never, { 'content-length': String(MAX + 1) }, MAX, room())).rejects.toMatchObject({ code: 'request.too-large' });
  });

  it('blames the sender when the body breaks off, before or while it is read', async () => {
    const broken = new PassThrough();
    const reading = readBody(broken, {}, MAX, room());
    broken.write('half');
    broken.destroy(new Error('aborted'));
    await expect(reading).rejects.toMatchObject({ code: 'request.malformed' });
    const gone = new PassThrough();
    gone.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    await expect(readBody(gone, {}, MAX, room())).rejects.toMatchObject({ code: 'request.malformed' });
  });

  it('lets a sender without a declared length hear that its body is too large', async () => {
    const server = createServer((incoming, answer) => {
      readBody(incoming, incoming.headers, MAX, room()).catch((error: unknown) => {
        answer.writeHead(413, { connection: 'close' }).end(isHubError(error) ? error.code : 'bug');
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const status = await new Promise((resolve, reject) => {
      const outgoing = request({ port, host: '127.0.0.1', method: 'POST' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      outgoing.on('error', reject);
      for (let n = 0; n < 20; n++) outgoing.write(Buffer.alloc(200));
      outgoing.end();
    });
    expect(status).toBe(413);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
});
