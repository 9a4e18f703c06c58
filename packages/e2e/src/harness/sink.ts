/** A receiving system: remembers every delivery by its key, and answers, holds, fails or is away as a test tells it. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { freePort } from './free-port.ts';

export interface Arrival {
  /** Milliseconds of the monotonic clock. */
  at: number;
  method: string;
  path: string;
  key: string;
  messageId: string;
  attempt: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type SinkMode = 'answer' | 'hold' | { fail: number } | { afterMs: number };

export interface Sink {
  port: number;
  url: string;
  arrivals: Arrival[];
  /** Requests that arrived and were not answered yet. */
  held(): number;
  behave(mode: SinkMode): void;
  /** Answers what is held. */
  release(): void;
  /** Refuses connections from now on. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

const ANSWER = '{"ok":true}';

export async function startSink(): Promise<Sink> {
  const port = await freePort();
  const arrivals: Arrival[] = [];
  const waiting = new Set<ServerResponse>();
  let mode: SinkMode = 'answer';

  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { headers } = request;
      arrivals.push({
        at: performance.now(),
        method: request.method ?? '',
        path: request.url ?? '',
        key: one(headers['idempotency-key']),
        messageId: one(headers['x-nave-message-id']),
        attempt: Number(one(headers['x-nave-attempt'])),
        headers,
        body: Buffer.concat(chunks),
      });
      if (mode === 'hold') {
        waiting.add(response);
        response.once('close', () => waiting.delete(response));
      } else if (typeof mode === 'object' && 'afterMs' in mode) setTimeout(() => answer(response, 200), mode.afterMs);
      else answer(response, mode === 'answer' ? 200 : mode.fail);
    });
  });
  server.keepAliveTimeout = 60_000;
  const listen = () => new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const close = () =>
    new Promise<void>((done) => {
      if (!server.listening) return done();
      server.close(() => done());
      server.closeAllConnections();
    });
  await listen();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    arrivals,
    held: () => waiting.size,
    behave(next) {
      mode = next;
    },
    release() {
      for (const response of waiting) answer(response, 200);
      waiting.clear();
    },
    goAway: close,
    comeBack: listen,
    close,
  };
}

function answer(response: ServerResponse, status: number): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(ANSWER.length) });
  response.end(ANSWER);
}

function one(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}
