/** A load generator that keeps its rate whatever the answers do, a process of its own: so many messages a second, spread evenly over the types it is given. */
import { Agent, request } from 'node:http';
import { percentiles } from './percentiles.ts';

interface OpenLoopOrder {
  host: string;
  port: number;
  path: string;
  perSecond: number;
  durationMs: number;
  types: readonly string[];
}

const TICK_MS = 5;
const ANSWER_MS = 30_000;
const PADDING = 'x'.repeat(700);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let count = 0;

function isOrder(value: unknown): value is OpenLoopOrder {
  return typeof value === 'object' && value !== null && 'perSecond' in value && 'types' in value;
}

function send(order: OpenLoopOrder, type: string): Promise<{ status: number; ms: number }> {
  count += 1;
  const startedAt = performance.now();
  const sentAt = (performance.timeOrigin + startedAt).toFixed(3);
  const body = `{"id":"open-${process.pid}-${count}","type":"${type}","total":100,"sentAt":${sentAt},"note":"${PADDING}"}`;
  return new Promise((done) => {
    const call = request(
      {
        ...{ host: order.host, port: order.port, path: order.path, method: 'POST', agent, timeout: ANSWER_MS },
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.on('end', () => done({ status: response.statusCode ?? 0, ms: performance.now() - startedAt }));
      },
    );
    call.on('timeout', () => call.destroy());
    call.on('error', () => done({ status: 0, ms: performance.now() - startedAt }));
    call.end(body);
  });
}

async function run(order: OpenLoopOrder): Promise<void> {
  const startedAt = performance.now();
  const answers: Promise<{ status: number; ms: number }>[] = [];
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - startedAt;
      const due = Math.floor((Math.min(elapsed, order.durationMs) * order.perSecond) / 1_000);
      while (answers.length < due) answers.push(send(order, order.types[answers.length % order.types.length] ?? ''));
      if (elapsed < order.durationMs) return;
      clearInterval(timer);
      done();
    }, TICK_MS);
  });
  const all = await Promise.all(answers);
  process.send?.({
    acknowledged: all.filter(({ status }) => status === 202).length,
    refused: all.filter(({ status }) => status !== 202).length,
    ...percentiles(all.map(({ ms }) => ms)),
  });
}

process.on('message', (order) => {
  if (isOrder(order)) void run(order);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
