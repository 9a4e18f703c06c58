/** A TLS server in front of a plain one: a simulated system with whatever certificate a test needs. */
import { connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';

export interface TlsFront {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts on a free port of 127.0.0.1. @param url where the plain server is; PEM texts */
export async function startTlsFront(url: string, { cert, key }: { cert: string; key: string }): Promise<TlsFront> {
  const behind = Number(new URL(url).port);
  const open = new Set<TLSSocket>();
  const server = createServer({ cert, key }, (socket) => {
    const plain = connect(behind, '127.0.0.1');
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      plain.destroy();
    });
    plain.once('close', () => socket.destroy());
    for (const each of [socket, plain]) each.on('error', () => each.destroy());
    socket.pipe(plain).pipe(socket);
  });
  // Clients that do not trust the certificate hang up in the handshake.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the TLS front does not listen');
  return {
    url: `https://127.0.0.1:${address.port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
