/** Ways in which a simulated system can misbehave on the wire, switched on from outside. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

export type SimulatorFault =
  | { kind: 'status'; status: number; headers?: Readonly<Record<string, string>>; body?: string }
  /** Never answers; `applied`: after the request took effect. */
  | { kind: 'hang'; applied?: boolean }
  /** Cuts the connection; `applied`: after the request took effect. */
  | { kind: 'reset'; when: 'before-answer' | 'mid-body'; applied?: boolean }
  | { kind: 'oversized'; bytes: number }
  | { kind: 'bomb'; bytes: number }
  /** Claims more than it sends, then closes. */
  | { kind: 'truncated' }
  | { kind: 'malformed' };

/** Answers with a fault. */
export function answerWithFault(response: ServerResponse, fault: SimulatorFault): void {
  const { socket } = response;
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, { ...fault.headers }).end(fault.body ?? '');
      return;
    case 'hang':
      return;
    case 'reset':
      if (fault.when === 'before-answer') socket?.resetAndDestroy();
      else {
        response.writeHead(200, { 'Content-Length': '1000' });
        response.write('half', () => socket?.resetAndDestroy());
      }
      return;
    case 'oversized':
      writeZeros(response, fault.bytes);
      return;
    case 'bomb':
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' }).end(gzipSync(Buffer.alloc(fault.bytes)));
      return;
    case 'truncated':
      socket?.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"half":');
      return;
    case 'malformed':
      socket?.end('this is not HTTP\r\n\r\n');
      return;
  }
}

function writeZeros(response: ServerResponse, bytes: number): void {
  const chunk = Buffer.alloc(64 * 1024);
  let left = bytes;
  const write = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.byteLength;
      if (!response.write(chunk)) {
        response.once('drain', write);
        return;
      }
    }
    response.end();
  };
  response.writeHead(200);
  write();
}
