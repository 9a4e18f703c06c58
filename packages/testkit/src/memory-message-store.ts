/** The hot path's storage in memory: a stand-in for tests, trusted because it passes the contract suite that PostgreSQL passes. */
import {
  type AcceptResult,
  type BellEntry,
  type ClaimedDelivery,
  type Clock,
  type DeliveryRecord,
  type DeliveryState,
  type HeldBy,
  HubError,
  LOOKUP_SETTLE_MS,
  LOST_MAX,
  type LostLease,
  type MessageStore,
  type NewDelivery,
  type NewMessage,
  REASONS,
  type RecordedAttempt,
  SUSPECT_AT,
  type SweepStore,
} from '@nave/core';
import { memoryLanes } from './memory-lanes.ts';

export interface MemoryDelivery extends Omit<NewDelivery, 'state'> {
  messageId: string;
  source: string;
  createdAtMs: number;
  replayId: string | null;
  replayOf: string | null;
  state: DeliveryState;
  heldBy: HeldBy | null;
  attemptCount: number;
  attemptBase: number;
  nextAttemptAtMs: number | null;
  dueAtMs: number | null;
  owner: string | null;
  fence: number;
  laneSeq: number | null;
  sending: boolean;
  lost: number;
  lookups: number;
  input: Uint8Array | null;
  output: Uint8Array | null;
  attempts: RecordedAttempt[];
}

export interface MemoryMessageStore extends MessageStore, SweepStore {
  messages: ReadonlyMap<string, NewMessage>;
  deliveries: ReadonlyMap<string, MemoryDelivery>;
  setSpoke(name: string, state: { paused: boolean; enabled: boolean }): void;
  /** While down, every call fails with `store.unavailable` and changes nothing. */
  setDown(down: boolean): void;
}

const GRACE_MS = 5_000;

export function memoryMessageStore(clock: Clock): MemoryMessageStore {
  const messages = new Map<string, NewMessage>();
  const deliveries = new Map<string, MemoryDelivery>();
  const keys = new Map<string, { messageId: string; digest: Uint8Array; expiresAtMs: number }>();
  const lanes = memoryLanes(deliveries, () => clock.now() + GRACE_MS);
  const spokes = new Map<string, { paused: boolean; enabled: boolean }>();
  let down = false;

  const keyOf = (spoke: string, key: string) => JSON.stringify([spoke, key]);
  const isOpen = ({ state }: MemoryDelivery) => state === 'pending' || state === 'retrying';
  const isTakeable = (row: MemoryDelivery) => (isOpen(row) || row.state === 'unknown') && row.dueAtMs !== null;
  const isFree = (row: MemoryDelivery) => isTakeable(row) && (row.nextAttemptAtMs === null || row.nextAttemptAtMs <= clock.now());
  const isClosed = (spoke: string) => spokes.get(spoke)?.paused === true || spokes.get(spoke)?.enabled === false;
  const byDue = () => [...deliveries.values()].filter((row) => row.dueAtMs !== null).sort((a, b) => (a.dueAtMs ?? 0) - (b.dueAtMs ?? 0));
  const entry = ({ spoke, id }: MemoryDelivery): BellEntry => ({ spoke, deliveryId: id });

  async function up<T>(work: () => T): Promise<T> {
    if (down) throw new HubError('store.unavailable');
    return work();
  }

  function known(message: NewMessage): AcceptResult | null {
    for (const key of message.idempotencyKeys) {
      const found = keys.get(keyOf(message.spoke, key));
      if (found !== undefined && found.expiresAtMs > clock.now())
        return { duplicateOf: found.messageId, mismatch: !Buffer.from(found.digest).equals(message.digest) };
    }
    return null;
  }

  function insert(
    delivery: Omit<NewDelivery, 'state'> & { state: DeliveryState },
    of: Pick<MemoryDelivery, 'messageId' | 'source' | 'createdAtMs' | 'replayId' | 'replayOf'>,
    place: number | null,
  ) {
    if (deliveries.has(delivery.id)) return;
    const { laneKey } = delivery;
    const waits = laneKey !== null && delivery.state === 'pending' && !lanes.leads({ spoke: delivery.spoke, key: laneKey }, delivery.id);
    deliveries.set(delivery.id, {
      ...{ id: delivery.id, route: delivery.route, routeVersion: delivery.routeVersion, step: delivery.step, stepName: delivery.stepName },
      ...{
        spoke: delivery.spoke,
        operation: delivery.operation,
        state: waits ? 'held' : delivery.state,
        reason: delivery.reason,
        laneKey,
        laneSeq: laneKey === null ? null : (place ?? lanes.nextSeq()),
      },
      ...{ messageId: of.messageId, source: of.source, createdAtMs: of.createdAtMs, replayId: of.replayId, replayOf: of.replayOf },
      ...{
        heldBy: waits ? 'lane' : null,
        attemptCount: 0,
        attemptBase: 0,
        nextAttemptAtMs: null,
        owner: null,
        fence: 0,
        sending: false,
        lost: 0,
        lookups: 0,
        input: null,
        output: null,
      },
      ...{ dueAtMs: delivery.state === 'pending' && !waits ? clock.now() + GRACE_MS : null, attempts: [] },
    });
  }

  function take(row: MemoryDelivery, owner: string, leaseMs: number): ClaimedDelivery[] {
    const message = messages.get(row.messageId);
    if (message === undefined) return [];
    Object.assign(row, { state: 'active', owner, fence: row.fence + 1, dueAtMs: clock.now() + leaseMs, heldBy: null });
    const { type, receivedAtMs, content, contentType, correlationId, traceparent, orderingKey } = message;
    const { id, messageId, source, route, routeVersion, step, stepName, spoke, operation, attemptCount, attemptBase, fence } = row;
    const { sending, lookups } = row;
    return [
      {
        ...{ id, messageId, source, route, routeVersion, step, stepName, spoke, operation, attemptCount, attemptBase, fence },
        ...{ sending, lookups, input: row.input, replayId: row.replayId, laneKey: row.laneKey, createdAtMs: row.createdAtMs },
        message: { type, receivedAtMs, content, contentType, correlationId, traceparent, orderingKey },
      },
    ];
  }

  function settle(result: DeliveryRecord): boolean {
    const row = deliveries.get(result.id);
    if (row === undefined || row.state !== 'active' || row.fence !== result.fence) return false;
    const at = result.delayMs === null ? null : clock.now() + result.delayMs;
    const lookup = result.lookup ?? false;
    const unknown = result.state === 'unknown';
    Object.assign(row, {
      ...{ state: result.state, heldBy: result.heldBy, reason: result.reason, dueAtMs: at, owner: null, sending: unknown },
      attemptBase: row.attemptBase + Number(lookup || result.spared === true),
      lookups: unknown ? row.lookups + Number(lookup && result.spared !== true) : 0,
      lost: lookup || result.attempt === null ? row.lost : 0,
      nextAttemptAtMs: result.state === 'retrying' || unknown || (result.state === 'pending' && (result.delayMs ?? 0) > 0) ? at : null,
      attemptCount: result.attempt?.number ?? row.attemptCount,
      input: result.input ?? row.input,
      output: result.output ?? row.output,
    });
    if (result.attempt !== null && !row.attempts.some(({ id }) => id === result.attempt?.id)) row.attempts.push(result.attempt);
    if (result.next !== null) insert(result.next, result.next, row.laneSeq);
    return true;
  }

  return {
    messages,
    deliveries,
    setSpoke: (name, state) => void spokes.set(name, state),
    setDown(value) {
      down = value;
    },
    accept: (batch, _nowMs, over) =>
      up(() => {
        const answers = batch.map(known);
        const fresh = batch.filter((_, index) => answers[index] === null);
        const taken = fresh.flatMap(({ spoke, idempotencyKeys }) => idempotencyKeys.map((key) => keyOf(spoke, key)));
        const texts = fresh.flatMap((m) => [
          m.type,
          m.correlationId,
          m.orderingKey,
          ...m.idempotencyKeys,
          ...m.deliveries.flatMap((d) => [d.reason, d.laneKey]),
        ]);
        // What PostgreSQL refuses: a key twice in one statement, and NUL in text.
        if (new Set(taken).size < taken.length || texts.some((text) => text?.includes('\u0000'))) throw new HubError('hub.internal');
        for (const message of fresh) {
          messages.set(message.id, message);
          const { id: messageId, spoke: source, receivedAtMs: createdAtMs } = message;
          for (const key of message.idempotencyKeys)
            keys.set(keyOf(source, key), { messageId, digest: message.digest, expiresAtMs: message.idempotencyExpiresAtMs });
          for (const delivery of message.deliveries)
            insert(delivery, { messageId, source, createdAtMs, replayId: null, replayOf: null }, null);
          for (const { id } of message.deliveries) {
            const row = deliveries.get(id);
            if (over?.ids.has(id) && row?.state === 'pending') take(row, over.owner, over.leaseMs);
          }
        }
        return answers.map((answer, index) => {
          const held = (batch[index]?.deliveries ?? []).map(({ id }) => id).filter((id) => deliveries.get(id)?.heldBy === 'lane');
          return answer ?? { duplicateOf: null, mismatch: false, ...(held.length === 0 ? {} : { held }) };
        });
      }),
    claim: (ids, owner, leaseMs) =>
      up(() =>
        [...new Set(ids)]
          .flatMap((id) => deliveries.get(id) ?? [])
          .filter(isFree)
          .sort((a, b) => a.lost - b.lost)
          .filter((row, _, rows) => row.lost < SUSPECT_AT || row === rows.find(({ lost }) => lost >= SUSPECT_AT))
          .flatMap((row) => take(row, owner, leaseMs)),
      ),
    claimDue: (spoke, limit, owner, leaseMs) =>
      up(() =>
        byDue()
          .filter((row) => row.spoke === spoke && isFree(row) && row.lost < SUSPECT_AT)
          .slice(0, limit)
          .flatMap((row) => take(row, owner, leaseMs)),
      ),
    markSending: (entries) =>
      up(() =>
        entries.flatMap(({ id, fence, input }) => {
          const row = deliveries.get(id);
          if (row === undefined || row.state !== 'active' || row.fence !== fence) return [];
          Object.assign(row, { sending: true, lookups: 0, input: input ?? row.input });
          return [id];
        }),
      ),
    record: (batch) => up(() => batch.filter(settle).map(({ id }) => id)),
    advanceLanes: (which) => up(() => which.flatMap(lanes.advance)),
    renew: (leases, owner, leaseMs) =>
      up(() =>
        leases.flatMap(({ id, fence }) => {
          const row = deliveries.get(id);
          if (row?.state !== 'active' || row.owner !== owner || row.fence !== fence) return [];
          row.dueAtMs = clock.now() + leaseMs;
          return [id];
        }),
      ),
    waiting: (perSpoke) => up(() => perSpokeAtMost(byDue().filter(isFree), perSpoke).map(entry)),
    stepOutputs: (messageId, _deliveryId, route, routeVersion, step, replayId) =>
      up(() =>
        [...deliveries.values()]
          .filter(
            (d) =>
              d.messageId === messageId && d.route === route && d.routeVersion === routeVersion && d.step < step && d.replayId === replayId,
          )
          .sort((a, b) => a.step - b.step)
          .map(({ id, stepName, output }) => ({ deliveryId: id, stepName, output })),
      ),
    ringDue: (perSpoke, graceMs) =>
      up(() => {
        const due = perSpokeAtMost(
          byDue().filter((row) => isTakeable(row) && (row.dueAtMs ?? 0) <= clock.now()),
          perSpoke,
        );
        for (const row of due) row.dueAtMs = clock.now() + graceMs;
        return due.map(entry);
      }),
    expireLeases: () =>
      up(() =>
        byDue()
          .filter((row) => row.state === 'active' && (row.dueAtMs ?? 0) <= clock.now())
          .map((row) => {
            const lost = row.lost + 1;
            const gaveUp = lost >= LOST_MAX;
            const state: LostLease['state'] = row.sending ? 'unknown' : gaveUp ? 'dead' : 'pending';
            const reason = gaveUp ? REASONS.workerLost : row.sending ? REASONS.unanswered : 'lease.expired';
            const dueAtMs = gaveUp ? null : clock.now() + (row.sending ? LOOKUP_SETTLE_MS : GRACE_MS);
            const nextAttemptAtMs = row.sending ? dueAtMs : null;
            Object.assign(row, { state, reason, lost, dueAtMs, nextAttemptAtMs, owner: null, fence: row.fence + 1 });
            return { ...entry(row), state, gaveUp };
          }),
      ),
    holdPaused: () =>
      up(() => {
        const rows = byDue().filter((row) => isOpen(row) && isClosed(row.spoke));
        for (const row of rows) Object.assign(row, { state: 'held', heldBy: 'pause', dueAtMs: null });
        return rows.length;
      }),
    holdBroken: () => up(() => 0),
    mendLanes: (limit) => up(() => lanes.mend(limit)),
    forgetExpired: (limit) =>
      up(() => {
        const old = [...keys].filter(([, { expiresAtMs }]) => expiresAtMs <= clock.now() - 60_000).slice(0, limit);
        for (const [key] of old) keys.delete(key);
        return old.length;
      }),
    makePartitions: () => up(() => undefined),
  };
}

function perSpokeAtMost(rows: readonly MemoryDelivery[], limit: number): MemoryDelivery[] {
  const counts = new Map<string, number>();
  return rows.filter(({ spoke }) => {
    const count = (counts.get(spoke) ?? 0) + 1;
    counts.set(spoke, count);
    return count <= limit;
  });
}
