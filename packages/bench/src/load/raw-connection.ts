/** One keep-alive HTTP/1.1 connection on a bare socket, one request at a time: the load generator must cost less than what it measures. */
import { connect, type Socket } from 'node:net';

export interface RawConnection {
  /** @param answered called with the status, 0 when the connection failed; the connection is free again then */
  send(request: Buffer, answered: (status: number) => void): void;
  close(): void;
}

const HEAD_END = '\r\n\r\n';

/** Connects at the first request, and again after a failure. */
export function rawConnection(host: string, port: number): RawConnection {
  let socket: Socket | null = null;
  let pending: ((status: number) => void) | null = null;
  let buffered: Buffer = Buffer.alloc(0);

  function answer(status: number): void {
    const call = pending;
    pending = null;
    call?.(status);
  }

  function open(): Socket {
    const opened = connect({ host, port, noDelay: true });
    opened.on('data', (chunk) => {
      buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
      const headEnd = buffered.indexOf(HEAD_END);
      if (headEnd < 0) return;
      const head = buffered.toString('latin1', 0, headEnd);
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (buffered.length < headEnd + HEAD_END.length + length) return;
      buffered = Buffer.alloc(0);
      if (/^connection: close/im.test(head)) lose();
      answer(Number(head.slice(9, 12)));
    });
    const lose = () => {
      if (socket === opened) socket = null;
      buffered = Buffer.alloc(0);
      opened.destroy();
    };
    opened.on('error', () => undefined);
    opened.on('close', () => {
      const was = socket === opened;
      lose();
      if (was) answer(0);
    });
    return opened;
  }

  return {
    send(request, answered) {
      pending = answered;
      socket ??= open();
      socket.write(request);
    },
    close() {
      const was = socket;
      socket = null;
      was?.destroy();
    },
  };
}
