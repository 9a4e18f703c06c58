/** 500 spokes and 50 routes that tell messages apart by type, set up in one call. */
import { receiver, route } from './configure.ts';
import type { BenchHub } from './hub.ts';

export interface ManySpokes {
  spokes: number;
  /** Of each sender, every one for a type of its own. */
  routes: number;
  /** Spokes that have so many routes; the first one is `shop`, which messages are sent to. */
  senders: number;
}

/** The types that `shop` may send; each is taken by one route. */
export function typesOf({ routes }: ManySpokes): string[] {
  return Array.from({ length: routes }, (_, n) => `order.kind-${n + 1}`);
}

export async function configureMany(hub: BenchHub, sinkPort: number, many: ManySpokes): Promise<void> {
  const names = Array.from({ length: many.spokes }, (_, n) => `system-${n + 1}`);
  const inbound = { verify: { scheme: 'none' }, type: 'type', idempotencyKey: 'id' };
  const systems = names.map((name) => [name, { ...receiver(sinkPort, 64), inbound }] as const);
  const senders = ['shop', ...names].slice(0, many.senders);
  const routes = senders.flatMap((sender, at) =>
    typesOf(many).map((type, n) => [`${sender}-${n + 1}`, route(type, names[(at + n) % names.length] ?? '', undefined, sender)] as const),
  );
  await hub.api('PUT', '/api/v1/config', {
    spokes: { shop: { kind: 'source', inbound }, ...Object.fromEntries(systems) },
    routes: Object.fromEntries(routes),
  });
}
