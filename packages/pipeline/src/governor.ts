/** What the leading process does for spokes that are kept back: sends one probe when a breaker's cooldown has passed, and lets go what waited, little by little. */
import {
  type Bell,
  type FlowChange,
  type FlowEvent,
  type FlowReading,
  type FlowStore,
  type Logger,
  messageOf,
  operationPolicy,
  type ProbeResult,
  rampOf,
  rampTotal,
  type SpokeFlow,
  type SpokePolicy,
} from '@nave/core';

export interface GovernorDeps {
  store: Pick<FlowStore, 'undrained' | 'release' | 'relabel' | 'probeCandidates' | 'makeDue' | 'tidy'>;
  read: () => Promise<FlowReading>;
  change: (events: readonly (readonly [spoke: string, event: FlowEvent])[]) => Promise<readonly FlowChange[]>;
  policyOf: (spoke: string) => SpokePolicy | null;
  /** Whether an operation may be sent again when nobody knows what became of it: such a one makes the better probe. */
  repeatable: (spoke: string, operation: string) => boolean;
  /** Sends one delivery whatever keeps its spoke back, and tells what was learnt. */
  probe: (spoke: string, deliveryId: string, patienceMs: number) => Promise<ProbeResult>;
  bell: Bell;
  logger: Logger;
}

export interface Governor {
  /** Every turn of the sweep, 250 ms. Nothing to do costs one small read. */
  turn(): Promise<void>;
}

const CANDIDATES = 20;
/** Beyond the operation's own time: claiming, mapping, recording. */
const PROBE_MARGIN_MS = 15_000;
const TIMEOUT_DEFAULT_MS = 30_000;
const RELEASE_MAX = 1_000;
const RELABEL_MAX = 2_000;
const LOOK_EVERY = 4;
const TIDY_EVERY = 40;

export function createGovernor(deps: GovernorDeps): Governor {
  /** How many a drain has let go, or forgone. */
  const paces = new Map<string, { startedAtMs: number; spent: number }>();
  /** Probes that were not sent after all: the next one takes another delivery. */
  const refused = new Map<string, number>();
  let turns = 0;

  async function startProbe(spoke: string): Promise<void> {
    const policy = deps.policyOf(spoke);
    const candidates = await deps.store.probeCandidates(spoke, CANDIDATES);
    // With nothing to send the breaker stays as it is until something comes.
    if (candidates.length === 0) return;
    const inOrder = [...candidates].sort(
      (a, b) => Number(deps.repeatable(spoke, b.operation)) - Number(deps.repeatable(spoke, a.operation)),
    );
    const chosen = inOrder[(refused.get(spoke) ?? 0) % inOrder.length];
    if (chosen === undefined) return;
    // Given up before the operation's own time is over, its late failure would be taken for an ordinary one and burn an attempt.
    const ownMs = policy === null ? TIMEOUT_DEFAULT_MS : Math.max(policy.timeoutMs, operationPolicy(policy, chosen.operation).timeoutMs);
    const patienceMs = ownMs + PROBE_MARGIN_MS;
    const [started] = await deps.change([[spoke, { kind: 'probing', leaseMs: patienceMs + PROBE_MARGIN_MS }]]);
    if (started === undefined || started.before === started.after) return;
    const cooldownMs = policy?.breaker.cooldownMs ?? 0;
    // Not waited for: other spokes' turns go on meanwhile.
    void send(spoke, chosen.id, patienceMs)
      .then((result) => {
        if (result === 'none') refused.set(spoke, (refused.get(spoke) ?? 0) + 1);
        else refused.delete(spoke);
        return deps.change([[spoke, { kind: 'probed', result, cooldownMs }]]);
      })
      .catch((error: unknown) => deps.logger.warn({ spoke, reason: messageOf(error) }, 'what a probe learnt was not noted'));
  }

  async function send(spoke: string, deliveryId: string, patienceMs: number): Promise<ProbeResult> {
    try {
      return (await deps.store.makeDue(deliveryId)) ? await deps.probe(spoke, deliveryId, patienceMs) : 'none';
    } catch (error) {
      deps.logger.warn({ spoke, deliveryId, reason: messageOf(error) }, 'a probe could not be sent');
      return 'none';
    }
  }

  async function drain(spoke: string, terms: NonNullable<SpokeFlow['drain']>, nowMs: number): Promise<void> {
    const ramp = rampOf(deps.policyOf(spoke)?.concurrency ?? 1, terms.rate);
    const due = rampTotal(ramp, nowMs - terms.startedAtMs);
    const known = paces.get(spoke);
    // A process that takes over goes on at the pace of the moment, without what the one before may have left over.
    const begun = nowMs - terms.startedAtMs > 1_000 ? due - ramp.start : 0;
    const pace = known?.startedAtMs === terms.startedAtMs ? known : { startedAtMs: terms.startedAtMs, spent: begun };
    paces.set(spoke, pace);
    const limit = Math.min(RELEASE_MAX, Math.floor(due - pace.spent));
    if (limit < 1) return;
    const { ids, left } = await deps.store.release(spoke, limit);
    // What could not be let go, because enough is on its way, is forgone: saved up, it would go all at once later.
    pace.spent = ids.length < limit || limit === RELEASE_MAX ? due : pace.spent + ids.length;
    deps.bell.ring(ids.map((deliveryId) => ({ spoke, deliveryId })));
    if (left) await deps.store.relabel(spoke, RELABEL_MAX);
    else {
      paces.delete(spoke);
      await deps.change([[spoke, { kind: 'drained' }]]);
      deps.logger.info({ spoke }, 'nothing of a spoke is kept back any more');
    }
  }

  return {
    async turn() {
      turns += 1;
      const { nowMs, flows, shut } = await deps.read();
      for (const spoke of paces.keys()) if (flows.get(spoke)?.drain == null) paces.delete(spoke);
      for (const [spoke, flow] of flows) {
        if (shut.has(spoke)) continue;
        try {
          // Without a probe to send, looking once a second is enough.
          if (flow.breaker !== 'closed' && (flow.probeAtMs ?? 0) <= nowMs && turns % LOOK_EVERY === 0) await startProbe(spoke);
          else if (flow.breaker === 'closed' && flow.drain !== null) await drain(spoke, flow.drain, nowMs);
        } catch (error) {
          // One spoke's failure is not the others'.
          deps.logger.warn({ spoke, reason: messageOf(error) }, 'a spoke that is kept back waits');
        }
      }
      if (turns % LOOK_EVERY === 0) {
        const undrained = await deps.store.undrained();
        if (undrained.length > 0) await deps.change(undrained.map((spoke) => [spoke, { kind: 'drain', rate: null }] as const));
      }
      if (turns % TIDY_EVERY === 0) await deps.store.tidy();
    },
  };
}
