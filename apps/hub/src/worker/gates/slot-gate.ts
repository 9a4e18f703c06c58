/**
 * A spoke's concurrency, shared by all workers without a cost per delivery: this process leases slots for some seconds, in one statement for all its spokes,
 * and decides from memory. Alone it takes all of them at once and only renews; with others it takes what it needs and gives back what it does not.
 */
import { type Logger, messageOf, type SpokeGate } from '@nave/core';
import type { SlotStore } from '@nave/store';
import { SlotShare, type Surroundings } from './slot-share.ts';

export interface SlotGateDeps {
  store: SlotStore;
  /** Names this process. */
  owner: string;
  /** Concurrency of a spoke over all processes; null for one that is not known, which is not shared. */
  limitOf: (spoke: string) => number | null;
  /** Deliveries under way at once in this process. */
  processMax: number;
  logger: Logger;
  leaseMs?: number;
  /** Whether to tell the others from the start that this process delivers; else with the first delivery. */
  announce?: boolean;
}

const LEASE_MS = 10_000;
/** Also when there is nothing to ask for: others must know that this process delivers. */
const PRESENCE_MS = 2_000;
const CLOSE_TIMEOUT_MS = 2_000;

export function createSlotGate(deps: SlotGateDeps): SpokeGate {
  const leaseMs = deps.leaseMs ?? LEASE_MS;
  const presenceMs = Math.min(PRESENCE_MS, leaseMs / 3);
  const shares = new Map<string, SlotShare>();
  const listeners: ((spoke: string) => void)[] = [];
  let peers = 0;
  let asking: Promise<void> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  let timerAt = Number.POSITIVE_INFINITY;
  let away = false;
  let closed = false;

  const around = (): Surroundings => ({ nowMs: performance.now(), peers, processMax: deps.processMax });

  function shareOf(spoke: string): SlotShare {
    const known = shares.get(spoke);
    if (known !== undefined) return known;
    const share = new SlotShare();
    shares.set(spoke, share);
    return share;
  }

  function plan(atMs: number): void {
    if (closed || asking !== null || atMs >= timerAt) return;
    if (timer !== null) clearTimeout(timer);
    timerAt = atMs;
    timer = setTimeout(wake, Math.max(0, atMs - performance.now()));
    timer.unref();
  }

  function planNext(): void {
    let next = askedAt + presenceMs;
    for (const share of shares.values()) next = Math.min(next, share.dueAt());
    plan(next);
  }

  function wake(): void {
    timer = null;
    timerAt = Number.POSITIVE_INFINITY;
    if (closed || asking !== null) return;
    const now = around();
    const due = [...shares].filter(([, share]) => share.look(now));
    if (due.length === 0 && now.nowMs < askedAt + presenceMs) {
      planNext();
      return;
    }
    asking = ask(due, now).finally(() => {
      asking = null;
      planNext();
    });
  }

  async function ask(due: readonly [string, SlotShare][], before: Surroundings): Promise<void> {
    askedAt = before.nowMs;
    const requests = due.map(([spoke, share]) => share.request(spoke, deps.limitOf(spoke) ?? share.active, before));
    try {
      const answer = await deps.store.take(deps.owner, leaseMs, requests);
      if (away) deps.logger.info({}, 'slots are shared again');
      away = false;
      peers = answer.peers;
      const grants = new Map(answer.grants.map((grant) => [grant.spoke, grant]));
      const after = around();
      for (const [n, [spoke, share]] of due.entries()) {
        const [request, grant] = [requests[n], grants.get(spoke)];
        if (request !== undefined && grant !== undefined) share.granted(request, grant, before.nowMs, leaseMs, after);
        if (share.forgettable) shares.delete(spoke);
      }
    } catch (error) {
      if (!away) deps.logger.warn({ reason: messageOf(error) }, 'slots of spokes could not be renewed');
      away = true;
      const { nowMs } = around();
      for (const [, share] of due) share.unanswered(nowMs);
    }
    // Also without room: whoever still waits says so again, and is asked for again.
    for (const [spoke] of due) for (const listener of listeners) listener(spoke);
  }

  if (deps.announce === true) plan(performance.now());

  return {
    room(spoke, wanted) {
      const limit = deps.limitOf(spoke);
      if (limit === null || wanted <= 0) return Math.max(0, wanted);
      const share = shareOf(spoke);
      const given = share.room(wanted, limit, performance.now());
      if (given < wanted) plan(share.dueAt());
      return given;
    },
    started: (spoke, count) => shareOf(spoke).started(count, performance.now()),
    ended(spoke, count) {
      const share = shareOf(spoke);
      share.ended(count, around());
      if (share.forgettable) shares.delete(spoke);
      else plan(share.dueAt());
    },
    onRoom: (listener) => void listeners.push(listener),
    async close() {
      if (closed) return;
      closed = true;
      if (timer !== null) clearTimeout(timer);
      const giveBack = async () => {
        await asking;
        const requests = [...shares].map(([spoke, { active }]) => ({
          spoke,
          limit: deps.limitOf(spoke) ?? active,
          want: active,
          keep: active,
        }));
        if (requests.length > 0) await deps.store.take(deps.owner, leaseMs, requests);
      };
      let patience: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        patience = setTimeout(resolve, CLOSE_TIMEOUT_MS);
      });
      // What is not given back runs out by itself.
      await Promise.race([giveBack().catch(() => undefined), timeout]);
      clearTimeout(patience);
    },
  };
}
