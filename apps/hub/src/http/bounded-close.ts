/** Bounds the stop of the server: neither a caller that stalls in the middle of its request nor a connection that is kept alive holds it up. */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const IDLE_EVERY_MS = 25;

/**
 * Once the app closes, requests under way have `graceMs` to end; then their connections are cut. Nothing of them was acknowledged, so their senders try
 * again. Connections that become idle meanwhile are closed at once. Without this the stop would wait for Node's request, handshake and keep-alive timeouts,
 * which are longer than an orchestrator waits before it kills.
 */
export function boundClose(app: FastifyInstance, graceMs: number): void {
  // Counted here: the HTTP server does not know those that never got as far as HTTP, as in the middle of a TLS handshake.
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('preClose', async () => {
    const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_EVERY_MS);
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, graceMs);
    idle.unref();
    cut.unref();
    app.server.once('close', () => {
      clearInterval(idle);
      clearTimeout(cut);
    });
  });
}
