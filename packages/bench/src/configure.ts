/** The spokes and routes of the benchmarks: a sender, and receiving systems behind one filter and one mapping each. */
import type { BenchHub } from './hub.ts';

export interface Shape {
  /** Receiving spokes, each behind a route of its own that takes every order; default 1. */
  receivers?: number;
  /** Of each receiving spoke; default 64. */
  concurrency?: number;
  /** Messages of one lane go one after the other. */
  lanes?: boolean;
  /** Whether the mapping takes the padding along, so that a large message is a large delivery. */
  whole?: boolean;
  /** Largest message, in bytes. */
  bytesMax?: number;
}

const MAPPING = '"number": data.id, "total": data.total, "customer": data.customer, "sentAt": data.sentAt';

/** `POST /hooks/shop` goes to `sink` (or `sink-1`, `sink-2`, ...), `/hooks/quiet` to nobody. */
export async function configure(hub: BenchHub, sinkPort: number, shape: Shape = {}): Promise<void> {
  const { receivers = 1, concurrency = 64, lanes = false, whole = false, bytesMax } = shape;
  const inbound = {
    ...{ verify: { scheme: 'none' }, type: 'type', idempotencyKey: 'id' },
    ...(lanes ? { orderingKey: 'lane' } : {}),
    ...(bytesMax === undefined ? {} : { maxBytes: bytesMax }),
  };
  await hub.api('PUT', '/api/v1/spokes/shop', { kind: 'source', inbound });
  await hub.api('PUT', '/api/v1/spokes/quiet', { kind: 'source', inbound });
  const input = `{ ${MAPPING}${lanes ? ', "lane": data.lane, "seq": data.seq' : ''}${whole ? ', "note": data.note' : ''} }`;
  for (let n = 1; n <= receivers; n++) {
    const name = receivers === 1 ? 'sink' : `sink-${n}`;
    await hub.api('PUT', `/api/v1/spokes/${name}`, receiver(sinkPort, concurrency));
    await hub.api('PUT', `/api/v1/routes/to-${name}`, route('order.*', name, input));
  }
}

export function receiver(sinkPort: number, concurrency: number): object {
  return {
    kind: 'rest',
    config: { baseUrl: `http://127.0.0.1:${sinkPort}`, operations: { create: { method: 'POST', path: '/invoices' } } },
    policy: { concurrency },
  };
}

export function route(type: string, to: string, input: string = `{ ${MAPPING} }`, from = 'shop'): object {
  return { from: { spoke: from, type }, when: 'data.total > 0', steps: [{ name: 'invoice', to, operation: 'create', input }] };
}
