/** The simulated shop: announces orders by webhooks signed as Standard Webhooks prescribes (github.com/standard-webhooks/standard-webhooks). */
import { createHmac } from 'node:crypto';
import { createOutbox, outboxTable, type SentHook, type Signed } from '../kit/outbox.ts';
import { type SimulatedSystem, startSystem } from '../kit/simulated-system.ts';
import type { ShopOrder } from './order.ts';

export interface Shop extends SimulatedSystem {
  /** The same order again is the same webhook: a repeat to the hub. */
  place(order: ShopOrder): Promise<SentHook>;
}

export interface SenderOptions {
  hookUrl: () => string;
  secret: string;
  signal: AbortSignal;
}

/** @param options.secret `whsec_` and the key in base64 */
export async function startShop({ hookUrl, secret, signal }: SenderOptions): Promise<Shop> {
  const orders = new Map<string, ShopOrder>();
  const outbox = createOutbox({ hookUrl, signal, faults: () => system.faults });
  const system = await startSystem({
    name: 'shop',
    title: 'Shop',
    state: () => ({ orders: [...orders.values()], sent: outbox.sent() }),
    tables: () => [
      {
        title: 'Orders',
        columns: ['Order', 'Customer', 'Total'],
        rows: [...orders.values()]
          .reverse()
          .map(({ number, customer, total, currency }) => [number, `${customer.first_name} ${customer.last_name}`, `${total} ${currency}`]),
      },
      outboxTable(outbox),
    ],
  });
  return {
    ...system,
    place(order) {
      orders.set(order.number, order);
      return outbox.send(order.id, order.type, (nowMs) => signStandardWebhook(secret, order.id, nowMs, JSON.stringify(order)));
    },
  };
}

/** Signs `{id}.{seconds}.{body}` with HMAC-SHA256 in base64. */
export function signStandardWebhook(secret: string, id: string, nowMs: number, body: string): Signed {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }, body };
}
