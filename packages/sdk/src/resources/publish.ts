/** Publishing: messages into the hub, for systems that have a key. */
import type { Accepted, BatchAnswer, Publication as PublicationSchema } from '@nave/api-schema';
import type { Static } from 'typebox';
import type { Transport } from '../transport/transport.ts';

type Fields = Omit<Static<typeof PublicationSchema>, 'data'>;

/** `dataJson` is the data as JSON text, sent exactly so: numbers beyond 2^53 arrive unchanged. */
export type Publication = Fields & ({ data: unknown } | { dataJson: string });

const PATH = '/v1/messages';
const BATCH_MAX = 1_000;

export function publishing(transport: Transport) {
  return {
    /** Resolves when the message is committed; a repeat under the same idempotency key gives the first id and `duplicate`. */
    publish: (message: Publication) => transport.request<Static<typeof Accepted>>({ method: 'POST', path: PATH, json: jsonOf(message) }),
    /**
     * Up to 1,000 messages, answered in their order; one that is refused stops no other.
     * @throws RangeError for more
     */
    publishBatch: (messages: readonly Publication[]) => {
      if (messages.length > BATCH_MAX) throw new RangeError(`a batch takes at most ${BATCH_MAX} messages, got ${messages.length}`);
      return transport.request<Static<typeof BatchAnswer>[]>({ method: 'POST', path: PATH, json: `[${messages.map(jsonOf).join(',')}]` });
    },
  };
}

function jsonOf(message: Publication): string {
  if ('data' in message) return JSON.stringify(message);
  const { dataJson, ...fields } = message;
  // Throws for what is not JSON, so that the text cannot end the object it is put into.
  JSON.parse(dataJson);
  return `${JSON.stringify(fields).slice(0, -1)},"data":${dataJson}}`;
}
