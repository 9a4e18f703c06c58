/** The hub's API through the SDK, as the demo uses it. */
import { createClient } from '@nave/sdk';
import type { HubPort } from './hub-port.ts';

/** @param key an admin key */
export function connectHub(url: string, key: string): HubPort {
  const client = createClient({ url, key });
  return {
    async apply(configuration) {
      await client.config.apply(configuration);
    },
    message: (id) => client.messages.get(id),
    delivery: (id) => client.deliveries.get(id),
    async retry(deliveryId) {
      await client.deliveries.retry(deliveryId);
    },
    async *changes(signal) {
      for await (const event of client.stream({ signal })) if (event.event === 'delivery') yield event.data.id;
    },
  };
}
