/** Ties flow control together for one worker process: state, gate, counting, and what the leading process does. */
import type { Bell, FlowChange, FlowEvent, Logger } from '@nave/core';
import { createGovernor, type Deliver, type Governor, type Registry } from '@nave/pipeline';
import { createFlowStore, type Database } from '@nave/store';
import { createFailureCount } from './failure-count.ts';
import { createFlowGate, type FlowGate } from './flow-gate.ts';
import { createFlowState, type FlowState } from './flow-state.ts';
import { createRegulatedDeliver } from './regulated-deliver.ts';
import { createRetryBudgets } from './retry-budgets.ts';

export interface FlowDeps {
  db: Pick<Database, 'hot'>;
  registry: Pick<Registry, 'spoke'>;
  deliver: Deliver;
  bell: Bell;
  logger: Logger;
  /** In [0, 1). */
  random: () => number;
  /** Called by the process that opened or closed a breaker. */
  onBreaker: (spoke: string, turned: 'opened' | 'closed', failures: number) => void;
}

export interface Flow {
  /** To be given to the dispatcher. */
  gate: FlowGate;
  deliver: Deliver;
  /** For calls, which are told at once what keeps their spoke back. */
  state: Pick<FlowState, 'blocked' | 'flowOf' | 'start'>;
  /**
   * What the worker's loop starts, and turns while it leads.
   * @param send claims and sends one delivery whatever its gates say; false when it could not be claimed
   */
  leading(send: (spoke: string, deliveryId: string) => Promise<boolean>): Governor & { start(): void };
}

export function buildFlow({ db, registry, deliver, bell, logger, random, onBreaker }: FlowDeps): Flow {
  const store = createFlowStore(db.hot);
  const policyOf = (spoke: string) => registry.spoke(spoke)?.definition.policy ?? null;

  function onChange({ spoke, before, after }: FlowChange): void {
    if (before.breaker === 'closed' && after.breaker === 'open') {
      logger.warn({ spoke, failures: after.failures }, 'the breaker of a spoke opened: its deliveries are held');
      onBreaker(spoke, 'opened', after.failures);
    } else if (before.breaker !== 'closed' && after.breaker === 'closed') {
      logger.info({ spoke }, 'the breaker of a spoke closed: what was held is let go');
      onBreaker(spoke, 'closed', 0);
    }
  }

  const state = createFlowState({ store, logger, onChange });
  const count = createFailureCount({ state, policyOf, logger, onWritten: (spokes) => gate.reconsider(spokes) });
  /** Events that are noted again and again are written once at a time for each spoke; a longer wait than the one being written is written too. */
  const noting = new Map<string, number>();
  /** Before the slot of the delivery that was told to wait is free: until that is written nothing more should leave. */
  const isAboutToWait = (spoke: string) => noting.has(`throttled ${spoke}`);
  const gate: FlowGate = createFlowGate(
    state,
    (spoke) => policyOf(spoke)?.concurrency ?? null,
    (spoke) => count.isFull(spoke) || isAboutToWait(spoke),
  );

  function note(spoke: string, event: FlowEvent): void {
    const key = `${event.kind} ${spoke}`;
    // The absolute difference: a process whose clock is behind the database's must not take the last note for one to come.
    if (event.kind === 'budget-exhausted' && Math.abs(Date.now() - (state.flowOf(spoke).budgetExhaustedAtMs ?? 0)) < 30_000) return;
    const size = event.kind === 'throttled' ? event.forMs : 0;
    if ((noting.get(key) ?? -1) >= size) return;
    noting.set(key, size);
    state
      .change([[spoke, event]])
      .catch((error: unknown) =>
        logger.warn({ spoke, reason: error instanceof Error ? error.message : '' }, 'the flow of a spoke was not noted'),
      )
      .finally(() => {
        noting.delete(key);
        gate.reconsider([spoke]);
      });
  }

  const regulated = createRegulatedDeliver({ deliver, count, gate, budgets: createRetryBudgets(random), policyOf, note });
  return {
    gate: {
      ...gate,
      async close() {
        await count.flush();
        await state.close();
      },
    },
    deliver: regulated.deliver,
    state,
    leading: (send) => ({
      start: () => state.start(),
      ...createGovernor({
        ...{ store, policyOf, bell, logger },
        read: () => state.refresh(),
        change: (events) => state.change(events),
        repeatable: (spoke, operation) => registry.spoke(spoke)?.operation(operation)?.idempotent !== 'never',
        probe: (spoke, deliveryId, patienceMs) => regulated.probe(deliveryId, () => send(spoke, deliveryId), patienceMs),
      }),
    }),
  };
}

/** The spokes whose breaker is not closed, for the metrics. */
export async function brokenSpokes({ hot }: Pick<Database, 'hot'>): Promise<string[]> {
  const { flows } = await createFlowStore(hot).read();
  return [...flows].filter(([, { breaker }]) => breaker !== 'closed').map(([spoke]) => spoke);
}
