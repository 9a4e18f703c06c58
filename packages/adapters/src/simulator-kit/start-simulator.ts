/** A small HTTP server for simulated systems: remembers what it got and misbehaves on demand. */
import { createServer, type IncomingMessage } from 'node:http';
import { answerWithFault, type SimulatorFault } from './faults.ts';

export interface SimulatedRequest {
  method: string;
  /** Path and query. */
  target: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

export interface SimulatedAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** Bytes for answers in another encoding than UTF-8. */
  body?: string | Uint8Array;
}

export interface Simulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The last requests, oldest first. */
  requests(): readonly SimulatedRequest[];
  /** Misbehaves from now on, for `times` requests or until `heal`. */
  fail(fault: SimulatorFault, times?: number): void;
  heal(): void;
  close(): Promise<void>;
}

const REQUESTS_MAX = 1_000;
const BODY_BYTES_MAX = 20 * 1024 * 1024;

/** Starts on 127.0.0.1. `port` 0 (the default) takes a free one. An answer may come later, for systems that are slow. */
export async function startSimulator(
  answer: (request: SimulatedRequest) => SimulatedAnswer | Promise<SimulatedAnswer>,
  port = 0,
): Promise<Simulator> {
  const seen: SimulatedRequest[] = [];
  let fault: SimulatorFault | null = null;
  let faultsLeft = 0;

  const server = createServer((incoming, response) => {
    void readRequest(incoming).then(
      async (request) => {
        seen.push(request);
        if (seen.length > REQUESTS_MAX) seen.shift();
        const active = faultsLeft > 0 ? fault : null;
        if (active) {
          faultsLeft--;
          if ((active.kind === 'reset' || active.kind === 'hang') && active.applied === true) await answer(request);
          answerWithFault(response, active);
          return;
        }
        const { status, headers, body } = await answer(request);
        response.writeHead(status, { ...headers }).end(body ?? '');
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the simulator does not listen');

  return {
    url: `http://127.0.0.1:${address.port}`,
    requests: () => seen,
    fail(next, times = Number.POSITIVE_INFINITY) {
      fault = next;
      faultsLeft = times;
    },
    heal() {
      faultsLeft = 0;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<SimulatedRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const part = Buffer.from(chunk);
    bytes += part.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new Error('too large');
    chunks.push(part);
  }
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]);
  return { method: incoming.method ?? '', target: incoming.url ?? '', headers: Object.fromEntries(headers), body: Buffer.concat(chunks) };
}
