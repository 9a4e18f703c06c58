/** A receiving system: remembers every delivery by its key, and answers, holds, fails or is away as a test tells it. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { freePort } from '@nave/testkit';

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
  /** What was answered; null while it is held, and for ever when the other side went away meanwhile. */
  status: number | null;
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
  release(status?: number): void;
  /** Called with every arrival before it is answered. */
  watch(listener: (arrival: Arrival) => void): void;
  /** Refuses connections from now on. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

const ANSWER = '{"ok":true}';

export async function startSink(): Promise<Sink> {
  const port = await freePort();
  const arrivals: Arrival[] = [];
  const waiting = new Map<ServerResponse, Arrival>();
  let mode: SinkMode = 'answer';
  let listener: (arrival: Arrival) => void = () => undefined;

  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      // Its sender was killed in the middle of it.
      if (!request.complete) return;
      const { headers } = request;
      const arrival: Arrival = {
        at: performance.now(),
        method: request.method ?? '',
        path: request.url ?? '',
        key: one(headers['idempotency-key']),
        messageId: one(headers['x-nave-message-id']),
        attempt: Number(one(headers['x-nave-attempt'])),
        headers,
        body: Buffer.concat(chunks),
        status: null,
      };
      arrivals.push(arrival);
      listener(arrival);
      if (mode === 'hold') {
        waiting.set(response, arrival);
        response.once('close', () => waiting.delete(response));
      } else if (typeof mode === 'object' && 'afterMs' in mode) setTimeout(() => answer(response, arrival, 200), mode.afterMs);
      else answer(response, arrival, mode === 'answer' ? 200 : mode.fail);
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
    watch(next) {
      listener = next;
    },
    release(status = 200) {
      for (const [response, arrival] of waiting) answer(response, arrival, status);
      waiting.clear();
    },
    goAway: close,
    comeBack: listen,
    close,
  };
}

function answer(response: ServerResponse, arrival: Arrival, status: number): void {
  if (response.destroyed) return;
  arrival.status = status;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(ANSWER.length) });
  response.end(ANSWER);
}

function one(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}
