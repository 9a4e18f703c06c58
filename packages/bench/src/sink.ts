/** The receiving system of the benchmark, a process of its own: answers 200 and remembers every idempotency key and how long its message took. */
import { createServer } from 'node:http';
import { percentiles } from './percentiles.ts';

const seen = new Map<string, number>();
let latencies: number[] = [];
let duplicates = 0;

const server = createServer((request, response) => {
  const key = request.headers['idempotency-key'];
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '11' });
    response.end('{"ok":true}');
    if (typeof key !== 'string') return;
    const times = seen.get(key) ?? 0;
    if (times > 0) duplicates += 1;
    seen.set(key, times + 1);
    const sentAt = Number(/"sentAt":([\d.]+)/.exec(text)?.[1]);
    if (Number.isFinite(sentAt)) latencies.push(performance.timeOrigin + performance.now() - sentAt);
  });
});

process.on('message', (message) => {
  if (message === 'report') process.send?.({ received: seen.size, duplicates, ...percentiles(latencies) });
  if (message === 'reset') {
    seen.clear();
    latencies = [];
    duplicates = 0;
    process.send?.('reset');
  }
});
process.on('disconnect', () => process.exit(0));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
