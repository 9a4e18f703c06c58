/** The messages of the benchmarks as finished requests: an order of about 1 KB of JSON, its padding prepared once. */

export interface RequestShape {
  host: string;
  port: number;
  path: string;
  /** One after the other; default order.created. */
  types: readonly string[];
  /** Of the whole body, about. */
  bytes: number;
}

const SMALLEST = 420;
let made = 0;

/** @returns makes the next request; ids are unique over all runs of this process. Lane and number go into the body for a sink that checks order */
export function requestsOf({ host, port, path, types, bytes }: RequestShape): (lane: string, seq: number) => Buffer {
  const rest = {
    currency: 'CZK',
    customer: { id: 'c417', name: 'Jana Nováková', email: 'jana@example.com', city: 'Brno' },
    lines: [
      { sku: 'A-1', quantity: 2, price: 400 },
      { sku: 'B-7', quantity: 1, price: 434.5 },
    ],
    note: 'x'.repeat(Math.max(0, bytes - SMALLEST)),
  };
  const tail = Buffer.from(JSON.stringify(rest).slice(1), 'utf8');
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\ncontent-type: application/json\r\ncontent-length: `;
  return (lane, seq) => {
    made += 1;
    const type = types[made % types.length] ?? '';
    const sentAt = (performance.timeOrigin + performance.now()).toFixed(3);
    const first = `{"id":"order-${process.pid}-${made}","type":"${type}","total":${(made % 100) + 1_234.5},"sentAt":${sentAt},"lane":"${lane}","seq":${seq},`;
    const start = `${head}${first.length + tail.length}\r\n\r\n${first}`;
    const request = Buffer.allocUnsafe(start.length + tail.length);
    request.write(start, 'latin1');
    tail.copy(request, start.length);
    return request;
  };
}
