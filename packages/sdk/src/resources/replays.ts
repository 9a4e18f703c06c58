/** Replays of many messages, and retries of many dead deliveries. */
import type { Replay, ReplayCreate, ReplayPreview as ReplayPreviewSchema } from '@nave/api-schema';
import type { Static } from 'typebox';
import { listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';

export type ReplayPreview = Static<typeof ReplayPreviewSchema>;

const BASE = '/api/v1/replays';
/** Counting looks at every message of the time span. */
const COUNT_TIMEOUT_MS = 60_000;

export function replaysResource(transport: Transport) {
  const act = (id: string, action: string) =>
    transport.request<Replay>({ method: 'POST', path: `${BASE}/${encodeURIComponent(id)}/${action}` });
  return {
    ...listingOf<Replay, Record<never, never>>(transport, BASE),
    /** Only counts. */
    preview: (replay: Omit<ReplayCreate, 'dryRun'>) =>
      transport.request<ReplayPreview>({ method: 'POST', path: BASE, body: { ...replay, dryRun: true }, timeoutMs: COUNT_TIMEOUT_MS }),
    create: (replay: Omit<ReplayCreate, 'dryRun'>) =>
      transport.request<Replay>({ method: 'POST', path: BASE, body: replay, timeoutMs: COUNT_TIMEOUT_MS }),
    get: (id: string) => transport.request<Replay>({ path: `${BASE}/${encodeURIComponent(id)}` }),
    pause: (id: string) => act(id, 'pause'),
    resume: (id: string) => act(id, 'resume'),
    stop: (id: string) => act(id, 'stop'),
  };
}
