/** Queues: how much waits where. */
import type { Queue, QueueList } from '@nave/api-schema';
import type { Static } from 'typebox';
import type { Transport } from '../transport/transport.ts';

const BASE = '/api/v1/queues';

export function queuesResource(transport: Transport) {
  const at = (spoke: string) => `${BASE}/${encodeURIComponent(spoke)}`;
  return {
    list: () => transport.request<Static<typeof QueueList>>({ path: BASE }),
    get: (spoke: string) => transport.request<Queue>({ path: at(spoke) }),
    pause: (spoke: string) => transport.request<Queue>({ method: 'POST', path: `${at(spoke)}/pause` }),
    resume: (spoke: string) => transport.request<Queue>({ method: 'POST', path: `${at(spoke)}/resume` }),
  };
}
