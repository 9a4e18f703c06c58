/**
 * The receiving system of the benchmark, a process of its own: answers 200 and remembers every idempotency key, how long its message took, and whether the
 * messages of a lane came in order. Environment: LATENCY_MS until it answers.
 */
import { createServer } from 'node:http';
import { percentiles } from './percentiles.ts';

const latencyMs = Number(process.env['LATENCY_MS'] ?? 0);
const keys = new Set<string>();
const lanes = new Map<string, number>();
let latencies: number[] = [];
let requests = 0;
let bytes = 0;
let duplicates = 0;
let misordered = 0;
let lastAt = 0;

/** @param start the first bytes of the body: time, lane and number are there */
function note(key: string, start: string): void {
  lastAt = Date.now();
  if (keys.has(key)) {
    duplicates += 1;
    return;
  }
  keys.add(key);
  const sentAt = Number(/"sentAt":([\d.]+)/.exec(start)?.[1]);
  if (Number.isFinite(sentAt)) latencies.push(performance.timeOrigin + performance.now() - sentAt);
  const lane = /"lane":"([^"]+)","seq":(\d+)/.exec(start);
  if (lane?.[1] === undefined) return;
  const seq = Number(lane[2]);
  if (seq <= (lanes.get(lane[1]) ?? 0)) misordered += 1;
  lanes.set(lane[1], seq);
}

const server = createServer((request, response) => {
  const key = request.headers['idempotency-key'];
  let start = '';
  request.on('data', (chunk: Buffer) => {
    if (start === '') start = chunk.toString('latin1', 0, 1_024);
    bytes += chunk.length;
  });
  const answer = () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '11' });
    response.end('{"ok":true}');
  };
  request.on('end', () => {
    requests += 1;
    if (latencyMs > 0) setTimeout(answer, latencyMs);
    else answer();
    if (typeof key === 'string') note(key, start);
  });
});

process.on('message', (message) => {
  if (message === 'report')
    process.send?.({
      received: keys.size,
      requests,
      bytes,
      duplicates,
      misordered,
      lanes: lanes.size,
      lastAt,
      endToEnd: percentiles(latencies),
    });
  if (message === 'reset') {
    keys.clear();
    lanes.clear();
    latencies = [];
    requests = bytes = duplicates = misordered = lastAt = 0;
    process.send?.('reset');
  }
});
process.on('disconnect', () => process.exit(0));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
