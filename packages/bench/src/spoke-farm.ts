/** The twenty systems of the isolation benchmark in one process: by path, seventeen that answer, one that never does, one that fails, one that is slow. */
import { createServer } from 'node:http';
import { percentiles } from './percentiles.ts';

const SLOW_MS = 5_000;
let latencies: number[] = [];
let received = 0;

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => {
    const answer = (status: number) => {
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': '11' });
      response.end('{"ok":true}');
    };
    if (request.url?.startsWith('/hang')) return;
    if (request.url?.startsWith('/fail')) return answer(500);
    if (request.url?.startsWith('/slow')) return void setTimeout(answer, SLOW_MS, 200);
    answer(200);
    received += 1;
    const sentAt = Number(/"sentAt":([\d.]+)/.exec(text)?.[1]);
    if (Number.isFinite(sentAt)) latencies.push(performance.timeOrigin + performance.now() - sentAt);
  });
});

process.on('message', (message) => {
  if (message === 'report') process.send?.({ received, ...percentiles(latencies) });
  if (message === 'reset') {
    latencies = [];
    received = 0;
    process.send?.('reset');
  }
});
process.on('disconnect', () => process.exit(0));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
