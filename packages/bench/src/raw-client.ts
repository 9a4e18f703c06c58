/** A closed-loop HTTP/1.1 client on bare sockets: it must cost less than what it measures. One request at a time per connection. */
import { connect, type Socket } from 'node:net';

export interface LoopOptions {
  host: string;
  port: number;
  connections: number;
  durationMs: number;
  /** The next request, complete with head and body; null when there is nothing more to send. */
  next: () => Buffer | null;
  /** Called for each answer. */
  answered: (status: number, body: string, latencyMs: number) => void;
}

/** Runs until the time is up and every request under way is answered. Answers how many connections failed. */
export async function closedLoop(options: LoopOptions): Promise<{ failed: number }> {
  const deadline = performance.now() + options.durationMs;
  const ends = await Promise.all(Array.from({ length: options.connections }, () => runConnection(options, deadline)));
  return { failed: ends.filter((ok) => !ok).length };
}

function runConnection(options: LoopOptions, deadline: number): Promise<boolean> {
  return new Promise((done) => {
    const socket: Socket = connect({ host: options.host, port: options.port, noDelay: true });
    let buffered = Buffer.alloc(0);
    let sentAt = 0;
    const finish = (ok: boolean) => {
      socket.destroy();
      done(ok);
    };
    const send = () => {
      const request = performance.now() >= deadline ? null : options.next();
      if (request === null) return finish(true);
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('connect', send);
    socket.on('error', () => finish(false));
    socket.on('close', () => done(false));
    socket.on('data', (chunk) => {
      buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
      const headEnd = buffered.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = buffered.toString('latin1', 0, headEnd);
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (buffered.length < headEnd + 4 + length) return;
      const body = buffered.toString('utf8', headEnd + 4, headEnd + 4 + length);
      buffered = buffered.subarray(headEnd + 4 + length);
      options.answered(Number(head.slice(9, 12)), body, performance.now() - sentAt);
      send();
    });
  });
}
