/** The leases of what is under way in this process: renewed in time, and known to be lost before anything is sent or recorded under them. */
import { type ClaimedDelivery, type Logger, type MessageStore, messageOf, Roster, type RosterMember } from '@nave/core';
import type { Lease } from '@nave/pipeline';

export interface LeaseDeps {
  store: Pick<MessageStore, 'renew'>;
  /** Names this process. */
  owner: string;
  leaseMs: number;
  logger: Logger;
}

/** Nothing leaves in the last tenth of a lease: what was asked in time must also arrive in time. */
const MARGIN_SHARE = 0.1;

export class HeldLease implements Lease, RosterMember {
  place = -1;
  readonly delivery: ClaimedDelivery;
  readonly since: number;
  #validUntil: number;
  #lost = false;
  #onLost: (() => void) | null = null;

  /** @param claimedAt monotonic, before the claim left: the lease is at least as long as counted from there */
  constructor(delivery: ClaimedDelivery, claimedAt: number, leaseMs: number) {
    this.delivery = delivery;
    this.since = claimedAt;
    this.#validUntil = claimedAt + leaseMs * (1 - MARGIN_SHARE);
  }

  holds(): boolean {
    return !this.#lost && performance.now() < this.#validUntil;
  }

  /** True when somebody else has the delivery: what becomes of it here is nobody's business any more. */
  get lost(): boolean {
    return this.#lost;
  }

  onLost(listener: () => void): void {
    this.#onLost = listener;
  }

  extend(renewedAt: number, leaseMs: number): void {
    this.#validUntil = renewedAt + leaseMs * (1 - MARGIN_SHARE);
  }

  lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#onLost?.();
  }
}

export interface Leases {
  hold(delivery: ClaimedDelivery, claimedAt: number): HeldLease;
  release(lease: HeldLease): void;
  close(): void;
}

export function createLeases({ store, owner, leaseMs, logger }: LeaseDeps): Leases {
  const held = new Roster<HeldLease>();
  let renewing = false;
  const timer = setInterval(() => void renew(), leaseMs / 3);
  timer.unref();

  async function renew(): Promise<void> {
    if (renewing) return;
    renewing = true;
    const askedAt = performance.now();
    const due = held.all().filter((lease) => !lease.lost && lease.since <= askedAt - leaseMs / 4);
    try {
      if (due.length === 0) return;
      const entries = due.map(({ delivery: { id, fence } }) => ({ id, fence }));
      const ours = new Set(await store.renew(entries, owner, leaseMs));
      for (const lease of due) {
        if (ours.has(lease.delivery.id)) lease.extend(askedAt, leaseMs);
        else if (held.has(lease)) lease.lose();
      }
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'leases were not renewed');
    } finally {
      renewing = false;
    }
  }

  return {
    hold(delivery, claimedAt) {
      const lease = new HeldLease(delivery, claimedAt, leaseMs);
      held.add(lease);
      return lease;
    },
    release: (lease) => held.delete(lease),
    close: () => clearInterval(timer),
  };
}
