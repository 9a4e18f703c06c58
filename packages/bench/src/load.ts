/** The load generator, a process of its own: 64 connections, closed loop, 1 KB of JSON a request. */
import { percentiles } from './percentiles.ts';
import { closedLoop } from './raw-client.ts';

export interface LoadOrder {
  host: string;
  port: number;
  path: string;
  connections: number;
  durationMs: number;
}

function isLoadOrder(value: unknown): value is LoadOrder {
  return (
    typeof value === 'object' &&
    value !== null &&
    'host' in value &&
    'port' in value &&
    'path' in value &&
    'connections' in value &&
    'durationMs' in value
  );
}

const PADDING = 'x'.repeat(640);

function body(n: number): string {
  const order = {
    id: `order-${process.pid}-${n}`,
    type: 'order.created',
    total: 1_234.5 + (n % 100),
    currency: 'CZK',
    sentAt: 0,
    customer: { id: `c${n % 997}`, name: 'Jana Nováková', email: 'jana@example.com', city: 'Brno' },
    lines: [
      { sku: 'A-1', quantity: 2, price: 400 },
      { sku: 'B-7', quantity: 1, price: 434.5 },
    ],
    note: PADDING,
  };
  return JSON.stringify(order).replace('"sentAt":0', `"sentAt":${(performance.timeOrigin + performance.now()).toFixed(3)}`);
}

async function run(order: LoadOrder): Promise<void> {
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let sent = 0;
  const startedAt = performance.now();
  const { failed } = await closedLoop({
    ...order,
    next() {
      sent += 1;
      const text = Buffer.from(body(sent), 'utf8');
      const head = `POST ${order.path} HTTP/1.1\r\nhost: ${order.host}:${order.port}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n`;
      return Buffer.concat([Buffer.from(head, 'latin1'), text]);
    },
    answered(status, _text, latencyMs) {
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies.push(latencyMs);
    },
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  process.send?.({ seconds, acknowledged: statuses['202'] ?? 0, statuses, failed, ...percentiles(latencies) });
}

process.on('message', (order) => {
  if (isLoadOrder(order)) void run(order);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
