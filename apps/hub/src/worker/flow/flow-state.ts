/** What this process knows of the shared flows: read several times a second, and at once after a change of its own. */
import {
  type FlowChange,
  type FlowEvent,
  type FlowReading,
  type FlowStore,
  type Logger,
  messageOf,
  nextFlow,
  ORDINARY_FLOW,
  type SpokeFlow,
} from '@nave/core';

export interface FlowStateDeps {
  store: Pick<FlowStore, 'read' | 'change'>;
  logger: Logger;
  /** Told of what this process changed, once it is committed. */
  onChange?: (change: FlowChange) => void;
}

export interface FlowState {
  start(): void;
  /** Reads now. @throws HubError `store.unavailable`; what was known before stays */
  refresh(): Promise<FlowReading>;
  /** Applies events to the shared rows. Back-off holds here at once, before it is committed. */
  change(events: readonly (readonly [spoke: string, event: FlowEvent])[]): Promise<FlowChange[]>;
  flowOf(spoke: string): SpokeFlow;
  /** Whether nothing of the spoke may start: paused, disabled, breaker not closed, or the system asked for patience. */
  blocked(spoke: string): boolean;
  /** @param listener called with a spoke that is not blocked any more */
  onOpen(listener: (spoke: string) => void): void;
  close(): Promise<void>;
}

const POLL_MS = 300;

export function createFlowState({ store, logger, onChange }: FlowStateDeps): FlowState {
  let flows: ReadonlyMap<string, SpokeFlow> = new Map();
  let shut: ReadonlySet<string> = new Set();
  /** Of the database's clock to the monotonic one of this process. */
  let offsetMs = Date.now() - performance.now();
  let changes = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let away = false;
  let timer: NodeJS.Timeout | null = null;
  let poll: Promise<void> = Promise.resolve();
  let closed = false;
  let blockedBefore = new Set<string>();
  const listeners: ((spoke: string) => void)[] = [];

  const flowOf = (spoke: string) => flows.get(spoke) ?? ORDINARY_FLOW;
  const nowMs = () => performance.now() + offsetMs;

  function blocked(spoke: string): boolean {
    if (shut.has(spoke)) return true;
    const flow = flows.get(spoke);
    return flow !== undefined && (flow.breaker !== 'closed' || (flow.throttledUntilMs ?? 0) > nowMs());
  }

  function tell(): void {
    const now = new Set([...flows.keys(), ...shut].filter(blocked));
    const opened = [...blockedBefore].filter((spoke) => !now.has(spoke));
    blockedBefore = now;
    for (const spoke of opened) for (const listener of listeners) listener(spoke);
  }

  async function refresh(): Promise<FlowReading> {
    const before = changes;
    const askedAt = performance.now();
    const reading = await store.read();
    readAt = askedAt;
    // What was read while a change of ours was made may be older than that change.
    if (before === changes) {
      ({ flows, shut } = reading);
      offsetMs = reading.nowMs - performance.now();
    }
    tell();
    return reading;
  }

  function keep(spoke: string, flow: SpokeFlow): void {
    flows = new Map(flows).set(spoke, flow);
  }

  function plan(): void {
    if (closed) return;
    timer = setTimeout(() => {
      poll = look().finally(plan);
    }, POLL_MS);
    timer.unref();
  }

  async function look(): Promise<void> {
    try {
      // The leading process has just read them for its governor.
      if (performance.now() - readAt < POLL_MS) tell();
      else await refresh();
      away = false;
    } catch (error) {
      if (!away) logger.warn({ reason: messageOf(error) }, 'the flows of spokes could not be read');
      away = true;
      // Times run out all the same.
      tell();
    }
  }

  return {
    start() {
      poll = look().finally(plan);
    },
    refresh,
    async change(events) {
      changes += 1;
      for (const [spoke, event] of events) if (event.kind === 'throttled') keep(spoke, nextFlow(flowOf(spoke), event, nowMs()));
      tell();
      try {
        const answer = await store.change(events);
        offsetMs = answer.nowMs - performance.now();
        for (const { spoke, after } of answer.changes) keep(spoke, after);
        for (const change of answer.changes) onChange?.(change);
        return answer.changes;
      } finally {
        changes += 1;
        tell();
      }
    },
    flowOf,
    blocked,
    onOpen: (listener) => void listeners.push(listener),
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await poll;
    },
  };
}
