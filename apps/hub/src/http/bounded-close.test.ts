import { once } from 'node:events';
import { connect } from 'node:net';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { boundClose } from './bounded-close.ts';

const PARTIAL = 'POST / HTTP/1.1\r\nHost: hub\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nab';

/** @param event of the server that says that it knows of the caller */
async function listening(graceMs: number, bytes: string, event: 'request' | 'connection') {
  const app = Fastify({ forceCloseConnections: 'idle', requestTimeout: 60_000 });
  boundClose(app, graceMs);
  app.post('/', async () => 'whole');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const seen = once(app.server, event);
  socket.on('error', () => undefined);
  socket.write(bytes);
  await seen;
  return { app, socket };
}

it.each([
  ['a request that is never finished', PARTIAL, 'request'],
  ['a connection whose request does not even begin', 'P', 'connection'],
] as const)(
  'cuts %s, so that the stop is bounded',
  async (_, bytes, event) => {
    const { app, socket } = await listening(20, bytes, event);
    const closed = once(socket, 'close');
    await app.close();
    await closed;
  },
  30_000,
);

it('lets a request that goes on within the grace have its answer, and does not wait for its connection after that', async () => {
  const { app, socket } = await listening(60_000, PARTIAL, 'request');
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  const closed = once(socket, 'close');
  const stopped = app.close();
  socket.write('cde');
  await stopped;
  await closed;
  expect(text).toContain('whole');
}, 30_000);
