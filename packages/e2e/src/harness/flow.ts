/** Whether deliveries flow: the condition that fault suites wait for before and after they break something. */
import type { Scene } from './scene.ts';
import { waitFor } from './wait-for.ts';

/** Waits until so many more deliveries have arrived than had when it was called. */
export async function flow({ sink }: Scene, more = 50, timeoutMs = 60_000): Promise<void> {
  const before = sink.arrivals.length;
  await waitFor(`${more} more deliveries arrive`, timeoutMs, () => sink.arrivals.length >= before + more);
}
