import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { HttpExchangeRequest } from '@nave/adapter-kit';
import { givenTime } from '@nave/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { AddressGuard } from './address-guard.ts';
import { createGuardedHttp, type GuardedHttpOptions } from './guarded-http.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const openGuard: AddressGuard = { check: (_hostname, _port, addresses) => ({ ok: true, addresses }) };
const never = new AbortController().signal;

function client(options: Partial<GuardedHttpOptions> = {}) {
  const http = createGuardedHttp({ guard: openGuard, ...options });
  cleanups.push(() => http.close());
  return http;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${portOf(server.address())}`;
}

/** A server that speaks bytes: for answers no HTTP library would send. */
async function serveRaw(onRequest: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => onRequest(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${portOf(server.address())}`;
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return address.port;
}

function request(url: string, overrides: Partial<HttpExchangeRequest> = {}): HttpExchangeRequest {
  return { method: 'POST', url, headers: { 'Content-Type': 'text/plain' }, body: 'hello', timeoutMs: 60_000, ...overrides };
}

const textOf = (body: Uint8Array): string => Buffer.from(body).toString();

describe('an exchange', () => {
  it('sends method, headers and bytes, and gives status, headers and bytes back', async () => {
    const url = await serve((incoming, answer) => {
      let body = '';
      incoming.on('data', (chunk) => {
        body += chunk;
      });
      incoming.on('end', () => {
        answer.writeHead(201, {
          'X-Seen': `${incoming.method} ${incoming.url} ${incoming.headers['x-a']} ${body}`,
          'Set-Cookie': ['a=1', 'b=2'],
        });
        answer.end('done');
      });
    });
    const result = await client().exchange(request(`${url}/p/a%20b?q=1`, { headers: { 'X-A': '\u00e9' } }), never);
    expect(result).toMatchObject({
      ok: true,
      status: 201,
      headers: { 'x-seen': 'POST /p/a%20b?q=1 \u00e9 hello', 'set-cookie': 'a=1, b=2' },
    });
    expect(result.ok && textOf(result.body)).toBe('done');
  });

  it('keeps connections alive', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((incoming, answer) => {
      ports.add(incoming.socket.remotePort);
      answer.end();
    });
    const http = client();
    for (let n = 0; n < 20; n++) expect((await http.exchange(request(url), never)).ok).toBe(true);
    // Two, not one: undici looks at an idle socket once before it gives it out again.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('does not follow redirects', async () => {
    const url = await serve((_incoming, answer) => answer.writeHead(302, { Location: '/elsewhere' }).end());
    expect(await client().exchange(request(url), never)).toMatchObject({ ok: true, status: 302 });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('undoes %s', async (encoding, compress) => {
    const url = await serve((_incoming, answer) => answer.writeHead(200, { 'Content-Encoding': encoding }).end(compress('hello again')));
    const result = await client().exchange(request(url), never);
    expect(result.ok && textOf(result.body)).toBe('hello again');
  });

  it('undoes several encodings and an empty body', async () => {
    const url = await serve((incoming, answer) =>
      answer.writeHead(200, { 'Content-Encoding': 'gzip, br' }).end(incoming.url === '/empty' ? '' : brotliCompressSync(gzipSync('twice'))),
    );
    const http = client();
    const result = await http.exchange(request(url), never);
    expect(result.ok && textOf(result.body)).toBe('twice');
    expect(await http.exchange(request(`${url}/empty`), never)).toMatchObject({ ok: true });
  });
});

describe('answers that cannot be taken', () => {
  const limit = { maxBodyBytes: 1_000 };

  it.each([
    [
      'with a length',
      (answer: Parameters<RequestListener>[1]) => answer.writeHead(200, { 'Content-Length': '1001' }).end('x'.repeat(1_001)),
    ],
    [
      'in chunks',
      (answer: Parameters<RequestListener>[1]) => {
        answer.writeHead(200);
        for (let n = 0; n < 20; n++) answer.write('x'.repeat(100));
        answer.end();
      },
    ],
    [
      'as a decompression bomb',
      (answer: Parameters<RequestListener>[1]) =>
        answer.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(900_000))),
    ],
  ])('too large %s', async (_how, answerWith) => {
    const url = await serve((_incoming, answer) => void answerWith(answer));
    expect(await client().exchange(request(url, limit), never)).toMatchObject({ ok: false, failure: 'oversized', sent: true, status: 200 });
  });

  it('takes an answer of exactly the limit', async () => {
    const url = await serve((_incoming, answer) => answer.end('x'.repeat(1_000)));
    expect(await client().exchange(request(url, limit), never)).toMatchObject({ ok: true });
  });

  it.each([
    ['headers too large', `HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(40_000)}\r\n\r\n`, 'oversized', null],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n', 'malformed', null],
    ['not the encoding it names', 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello', 'malformed', 200],
    ['an unknown encoding', 'HTTP/1.1 200 OK\r\nContent-Encoding: zip\r\nContent-Length: 5\r\n\r\nhello', 'malformed', 200],
  ])('%s', async (_what, bytes, failure, status) => {
    const url = await serveRaw((socket) => socket.end(bytes));
    expect(await client().exchange(request(url), never)).toMatchObject({ ok: false, failure, sent: true, status });
  });

  it.each([
    ['before the answer', '', null],
    ['in the middle of it', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', 200],
    ['in the middle of a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf', 200],
  ])('a connection closed %s', async (_when, bytes, status) => {
    const url = await serveRaw((socket) => socket.end(bytes));
    expect(await client().exchange(request(url), never)).toMatchObject({ ok: false, failure: 'unreachable', sent: true, status });
  });

  it('does not repeat what the other side sent', async () => {
    const url = await serveRaw((socket) => socket.end('secret-in-garbage\r\n\r\n'));
    expect(JSON.stringify(await client().exchange(request(url), never))).not.toContain('secret');
  });
});

describe('times', () => {
  it('gives up on an answer that does not come, and says the request was sent', async () => {
    const url = await serve(() => {});
    const result = await givenTime(
      (timeoutMs) => client().exchange(request(url, { timeoutMs }), never),
      (each) => !each.ok && each.sent,
    );
    expect(result).toMatchObject({ ok: false, failure: 'timeout', sent: true, status: null });
  });

  it('gives up on an answer that does not end', async () => {
    const url = await serve((_incoming, answer) => void answer.writeHead(200).write('x'));
    const result = await givenTime(
      (timeoutMs) => client().exchange(request(url, { timeoutMs }), never),
      (each) => each.status !== null,
    );
    expect(result).toMatchObject({ ok: false, failure: 'timeout', sent: true, status: 200 });
  });

  it('says nothing was sent when the time is up before there is a connection', async () => {
    const http = client({ resolve: () => new Promise(() => {}), connectTimeoutMs: 1_000 });
    expect(await http.exchange(request('http://slow.example/', { timeoutMs: 20 }), never)).toMatchObject({
      ok: false,
      failure: 'timeout',
      sent: false,
    });
  });

  it('calls a connection that does not come about in time unreachable', async () => {
    const http = client({ resolve: () => new Promise(() => {}), connectTimeoutMs: 50 });
    expect(await http.exchange(request('http://slow.example/'), never)).toMatchObject({ ok: false, failure: 'unreachable', sent: false });
  });

  it('says nothing was sent of a request that waited for a connection in vain', async () => {
    let seen = 0;
    const arrived = Promise.withResolvers<void>();
    const url = await serve(() => {
      seen++;
      arrived.resolve();
    });
    const http = client({ connections: 1 });
    const abort = new AbortController();
    const first = http.exchange(request(url, { timeoutMs: 60_000 }), abort.signal);
    await arrived.promise;
    const second = await http.exchange(request(url, { timeoutMs: 50 }), never);
    expect(second).toMatchObject({ ok: false, failure: 'timeout', sent: false });
    abort.abort();
    expect(await first).toMatchObject({ ok: false, failure: 'cancelled', sent: true });
    expect(seen).toBe(1);
  });

  it('is cancelled by the signal, at every moment', async () => {
    const abort = new AbortController();
    const url = await serve(() => abort.abort());
    expect(await client().exchange(request(url), abort.signal)).toMatchObject({ ok: false, failure: 'cancelled', sent: true });
    expect(await client().exchange(request(url), abort.signal)).toMatchObject({ ok: false, failure: 'cancelled', sent: false });
    const late = new AbortController();
    const http = client({
      connectTimeoutMs: 1_000,
      resolve: () => {
        late.abort();
        return new Promise(() => {});
      },
    });
    expect(await http.exchange(request('http://slow.example/'), late.signal)).toMatchObject({
      ok: false,
      failure: 'cancelled',
      sent: false,
    });
  });
});

describe('addresses', () => {
  const refusing: AddressGuard = { check: (hostname) => ({ ok: false, reason: `${hostname} is private` }) };

  it.each(['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://name.example/'])('asks the guard before connecting to %s', async (url) => {
    const http = client({ guard: refusing, resolve: async () => ['127.0.0.1'] });
    expect(await http.exchange(request(url), never)).toMatchObject({
      ok: false,
      failure: 'refused',
      sent: false,
      detail: expect.stringContaining('is private'),
    });
  });

  it('connects only to addresses the guard let through, whatever DNS says later', async () => {
    const url = await serve((_incoming, answer) => answer.end('here'));
    const port = Number(new URL(url).port);
    const asked: unknown[] = [];
    let resolved = 0;
    const http = client({
      guard: {
        check(hostname, guardPort, addresses) {
          asked.push([hostname, guardPort, addresses]);
          return { ok: true, addresses: ['127.0.0.1'] };
        },
      },
      resolve: async () => (resolved++ === 0 ? ['192.0.2.1', '127.0.0.1'] : ['192.0.2.1']),
    });
    expect(await http.exchange(request(`http://name.example:${port}/`), never)).toMatchObject({ ok: true });
    expect(asked).toEqual([['name.example', port, ['192.0.2.1', '127.0.0.1']]]);
    expect(resolved).toBe(1);
  });

  it.each([
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://user@host.example/',
    'http://user:pass@host.example/',
    'file:///etc/passwd',
    'ftp://host.example/',
    'gopher://host.example/',
    'http:/\\\\127.0.0.1/',
    'http://host.example\\@127.0.0.1/',
    ' http://host.example/',
    'http://host.example/\tx',
    'http://ho\nst.example/',
    'http://host.example:99999/',
    'http://host.example:0/',
    '//host.example/',
    '',
  ])('refuses %j without asking anybody', async (url) => {
    const http = client({
      guard: {
        check: () => {
          throw new Error('not to be asked');
        },
      },
      resolve: async () => {
        throw new Error('not to be resolved');
      },
    });
    expect(await http.exchange(request(url), never)).toMatchObject({ ok: false, failure: 'refused', sent: false });
  });

  it('names a host that cannot be resolved and a port where nobody listens', async () => {
    const http = client({ resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) });
    expect(await http.exchange(request('http://nowhere.example/'), never)).toMatchObject({
      failure: 'unreachable',
      sent: false,
      detail: expect.stringMatching(/^DNS: .*nowhere\.example:80/),
    });
    const url = await serveRaw(() => {});
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    expect(await client().exchange(request(url), never)).toMatchObject({
      failure: 'unreachable',
      sent: false,
      detail: expect.stringContaining('refused the connection'),
    });
  });

  it('names a TLS handshake that fails', async () => {
    const url = await serveRaw((socket) => socket.end('no tls here'));
    expect(await client().exchange(request(url.replace('http:', 'https:')), never)).toMatchObject({
      failure: 'unreachable',
      sent: false,
      detail: expect.stringMatching(/^TLS: .*does not speak TLS/),
    });
  });
});

describe('requests that may not be sent', () => {
  it.each([
    [{ 'X-A': 'a\r\nX-Injected: 1' }],
    [{ 'X-A': 'a\nb' }],
    [{ 'X-A': 'a\u0000b' }],
    [{ 'X-A': '\u4f60' }],
    [{ 'X-A\r\nX-B': 'a' }],
    [{ '': 'a' }],
    [{ 'X A': 'a' }],
    [{ Host: 'other.example' }],
    [{ 'Content-Length': '1' }],
    [{ 'transfer-encoding': 'chunked' }],
    [{ Connection: 'close' }],
  ])('refuses the headers %j', async (headers) => {
    const http = client({ resolve: () => Promise.reject(new Error('not to be resolved')) });
    const result = await http.exchange(request('http://host.example/', { headers }), never);
    expect(result).toMatchObject({ ok: false, failure: 'invalid-request', sent: false });
    expect(JSON.stringify(result)).not.toContain('njected');
  });

  it.each(['get', 'GET /x', 'CONNECT', ''])('refuses the method %j', async (method) => {
    expect(await client().exchange(request('http://host.example/', { method }), never)).toMatchObject({ failure: 'invalid-request' });
  });

  it('answers nothing after close', async () => {
    const http = client();
    await http.close();
    expect(await http.exchange(request('http://host.example/'), never)).toMatchObject({ failure: 'cancelled', sent: false });
  });
});
