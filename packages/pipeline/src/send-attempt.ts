/** One exchange with a spoke, always with an end: the delivery's time, a stop of the process, and a net below adapters that heed neither. */
import type { OperationInput } from '@nave/adapter-kit';
import { type ClaimedDelivery, type Logger, messageOf, type Outcome, Roster, type RosterMember } from '@nave/core';
import type { Lease } from './lease.ts';
import type { Registry } from './registry.ts';

export interface AttemptDeps {
  registry: Pick<Registry, 'connection'>;
  logger: Logger;
}

export interface Attempts {
  /**
   * Never throws. Answers null when the lease ran out before anything left.
   * @param stopping aborted when the process gives up waiting for deliveries under way
   */
  send(delivery: ClaimedDelivery, timeoutMs: number, input: OperationInput, lease: Lease, stopping: AbortSignal): Promise<Outcome | null>;
}

interface Attempt extends RosterMember {
  abort: () => void;
}

/** The adapter keeps its own time; this much later the net closes. */
const DEADLINE_MARGIN_MS = 2_000;
/** An adapter that was told to end and has not answered by then is deaf. */
const DEAF_MS = 1_000;

export function createAttempts(deps: AttemptDeps): Attempts {
  // One listener on the stop for all attempts: combining signals for each costs more than the rest of the attempt.
  const underWay = new WeakMap<AbortSignal, Roster<Attempt>>();

  function attemptsUntil(stopping: AbortSignal): Roster<Attempt> {
    const known = underWay.get(stopping);
    if (known !== undefined) return known;
    const attempts = new Roster<Attempt>();
    underWay.set(stopping, attempts);
    stopping.addEventListener('abort', () => {
      for (const { abort } of attempts.all()) abort();
    });
    return attempts;
  }

  return {
    send(delivery, timeoutMs, input, lease, stopping) {
      const attempts = attemptsUntil(stopping);
      const controller = new AbortController();
      let sent = false;
      const exchange = async (): Promise<Outcome | null> => {
        const connection = await deps.registry.connection(delivery.spoke);
        // The last look before anything leaves: a process that was stopped in between must not send what another one has taken.
        if (!lease.holds()) return null;
        sent = true;
        const { id: deliveryId, messageId, operation, attemptCount, message } = delivery;
        const request = { deliveryId, messageId, operation, attempt: attemptCount + 1, input, traceparent: message.traceparent, timeoutMs };
        return connection.send(request, controller.signal);
      };
      return new Promise((resolve) => {
        let net: NodeJS.Timeout | undefined;
        let over = false;
        const end = (outcome: Outcome | null): void => {
          over = true;
          clearTimeout(deadline);
          clearTimeout(net);
          attempts.delete(attempt);
          resolve(outcome);
        };
        const abort = (): void => {
          if (over || controller.signal.aborted) return;
          controller.abort();
          net = setTimeout(() => end({ kind: 'timeout', status: null, detail: 'The adapter did not end in time', sent }), DEAF_MS);
        };
        const deadline = setTimeout(abort, timeoutMs + DEADLINE_MARGIN_MS);
        const attempt: Attempt = { abort, place: -1 };
        attempts.add(attempt);
        lease.onLost?.(abort);
        if (stopping.aborted) abort();
        exchange().then(end, (error: unknown) => {
          // What it says after it was given up is of no use any more.
          if (over) return;
          const { id: deliveryId, spoke } = delivery;
          deps.logger.error({ deliveryId, spoke, error: messageOf(error) }, 'an adapter threw instead of answering');
          end({ kind: 'fault', status: null, detail: 'The adapter failed', sent });
        });
      });
    },
  };
}
