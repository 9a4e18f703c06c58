/** Queues: how much waits where. */
import type { Queue, QueueList, ResumeInput, ResumePreview } from '@nave/api-schema';
import type { Static } from 'typebox';
import type { Transport } from '../transport/transport.ts';

const BASE = '/api/v1/queues';

export function queuesResource(transport: Transport) {
  const at = (spoke: string) => `${BASE}/${encodeURIComponent(spoke)}`;
  return {
    list: () => transport.request<Static<typeof QueueList>>({ path: BASE }),
    get: (spoke: string) => transport.request<Queue>({ path: at(spoke) }),
    pause: (spoke: string) => transport.request<Queue>({ method: 'POST', path: `${at(spoke)}/pause` }),
    /** @param options `rate`: deliveries per second at most */
    resume: (spoke: string, options: Pick<ResumeInput, 'rate'> = {}) =>
      transport.request<Queue>({ method: 'POST', path: `${at(spoke)}/resume`, body: options }),
    /** How much a resume would let go, and how long that takes. */
    previewResume: (spoke: string, options: Pick<ResumeInput, 'rate'> = {}) =>
      transport.request<ResumePreview>({ method: 'POST', path: `${at(spoke)}/resume`, body: { ...options, dryRun: true } }),
    /** Closes the breaker without waiting for a probe. */
    resetBreaker: (spoke: string) => transport.request<Queue>({ method: 'POST', path: `${at(spoke)}/breaker/reset` }),
  };
}
