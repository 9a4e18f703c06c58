/** Ties the calls of one process together: turns at spokes, the runner, and the door that callers come through. */
import type { Bell, ClaimedDelivery, Clock, DeliveryRecord, Logger, MessageStore, Sealer, SpokeGate } from '@nave/core';
import { type Accepter, type CallRunnerDeps, createCallRunner, createRecorder, type Deliver, type Registry } from '@nave/pipeline';
import { createCallStore, type Database } from '@nave/store';
import { createLeases } from '../worker/leases.ts';
import { recordPatiently } from '../worker/record-patiently.ts';
import { type CallMetrics, createRouteCaller, type RouteCaller } from './call-route.ts';
import type { SpokeTurns } from './spoke-turns.ts';

export interface CallParts {
  db: Pick<Database, 'hot'>;
  store: MessageStore;
  accepter: Pick<Accepter, 'understand'>;
  registry: Registry;
  sealer: Sealer;
  deliver: Deliver;
  bell: Bell;
  turns: SpokeTurns;
  owner: string;
  leaseMs: number;
  clock: Clock;
  logger: Logger;
  metrics: CallMetrics;
  onAccepted: CallRunnerDeps['onAccepted'];
  onMismatch: CallRunnerDeps['onMismatch'];
  onFinished: (delivery: ClaimedDelivery, record: DeliveryRecord) => void;
}

export interface Calls extends RouteCaller {
  /** Calls under way. */
  active(): number;
  /** At the begin of a stop. @see CallRunner.dismiss */
  dismiss(patienceMs: number): void;
  /** Ends what is under way, and gives what cannot end in time back to workers. */
  stop(patienceMs: number): Promise<void>;
}

export function buildCalls(parts: CallParts): Calls {
  const { store, bell, logger, owner, leaseMs, registry, clock } = parts;
  const leases = createLeases({ store, owner, leaseMs, logger });
  // The next step of a call is taken by the call itself: nobody is rung for it here.
  const quiet: Bell = { ...bell, ring: () => undefined };
  const recorder = createRecorder(store, quiet, {
    offer: (entries) => bell.ring(entries),
    onLaneLeft: (reason) => logger.warn({ reason }, 'a lane was not moved on'),
  });
  const runner = createCallRunner({
    ...parts,
    calls: createCallStore(parts.db),
    now: () => clock.now(),
    record: (record, stopping) => recordPatiently(recorder, record, stopping),
    hold(delivery, claimedAt) {
      const lease = leases.hold(delivery, claimedAt);
      return {
        holds: () => lease.holds(),
        onLost: (listener) => lease.onLost(listener),
        get lost() {
          return lease.lost;
        },
        release: () => leases.release(lease),
      };
    },
  });
  return {
    ...createRouteCaller({ registry, runner, metrics: parts.metrics, now: () => clock.now() }),
    active: () => runner.active(),
    dismiss: (patienceMs) => runner.dismiss(patienceMs),
    async stop(patienceMs) {
      await runner.stop(patienceMs);
      await recorder.drained();
      leases.close();
    },
  };
}

/** For gates that nobody else closes: those of a process without a worker. */
export async function closeGates(gates: readonly SpokeGate[]): Promise<void> {
  await Promise.all(gates.map((gate) => gate.close()));
}
