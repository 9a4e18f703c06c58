/** What the demo needs of the hub's API, so that everything but one file can be tested without a hub. */
import type { ConfigurationInput, Delivery, Message } from '@nave/api-schema';

export interface HubPort {
  /** Applies a whole configuration. */
  apply(configuration: ConfigurationInput): Promise<void>;
  message(id: string): Promise<Message>;
  delivery(id: string): Promise<Delivery>;
  /** The same delivery again, under its same key. */
  retry(deliveryId: string): Promise<void>;
  /** Ids of deliveries as something happens to them, until the signal; goes on by itself after a lost connection. */
  changes(signal: AbortSignal): AsyncIterable<string>;
}
