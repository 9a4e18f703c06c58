/** Spokes: the configured systems. */
import type { PollRun, ResumeInput, Spoke, SpokeCheck, SpokeCreate, SpokeInput } from '@nave/api-schema';
import type { Transport } from '../transport/transport.ts';
import { namedResource } from './named.ts';

const BASE = '/api/v1/spokes';
/** A check is a real round trip to the system, which has its own limits. */
const CHECK_TIMEOUT_MS = 60_000;

export function spokesResource(transport: Transport) {
  const act = <T>(name: string, action: string, timeoutMs?: number) =>
    transport.request<T>({ method: 'POST', path: `${BASE}/${encodeURIComponent(name)}/${action}`, ...(timeoutMs ? { timeoutMs } : {}) });
  return {
    ...namedResource<Spoke, SpokeCreate, SpokeInput>(transport, BASE),
    check: (name: string) => act<SpokeCheck>(name, 'check', CHECK_TIMEOUT_MS),
    /** Fetches the events of the system now. @param poll its name, as in `inbound.poll` */
    runPoll: (name: string, poll: string) => act<PollRun>(name, `polls/${encodeURIComponent(poll)}/run`, CHECK_TIMEOUT_MS),
    pause: (name: string) => act<Spoke>(name, 'pause'),
    /** @param options `rate`: deliveries per second at most. A preview: `queues.previewResume` */
    resume: (name: string, options: Pick<ResumeInput, 'rate'> = {}) =>
      transport.request<Spoke>({ method: 'POST', path: `${BASE}/${encodeURIComponent(name)}/resume`, body: options }),
  };
}
