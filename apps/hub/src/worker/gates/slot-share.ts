/** What one process knows of its slots for one spoke, and what it asks for next. Times are monotonic milliseconds. */
import type { SlotGrant, SlotRequest } from '@nave/store';

/** How many other processes there are decides how greedy and how generous this one is. */
export interface Surroundings {
  nowMs: number;
  peers: number;
  /** Deliveries under way at once in this process. */
  processMax: number;
}

/** Slots that nobody used for so long go back, when there are others who could use them. */
const GIVE_BACK_MS = 100;
/** A delivery that ended above the share of this process: its slot goes back soon, together with others. */
const SHRINK_MS = 10;
/** Slots of a process that is alone are worth nothing to anybody else. */
const KEEP_ALONE_MS = 60_000;
const RENEW_MS = 1_000;
const RENEW_ALONE_MS = 2_000;
const RETRY_MIN_MS = 25;
const RETRY_EMPTY_MAX_MS = 100;
const RETRY_MAX_MS = 250;

export class SlotShare {
  active = 0;
  /** Leased. */
  #slots = 0;
  /** What may be used of it: less while others wait for their share, or while some is on its way back. */
  #allowed = 0;
  #validUntil = Number.NEGATIVE_INFINITY;
  /** The most that was used or wanted at once since it was last looked at. */
  #peak = 0;
  #usedAt = Number.NEGATIVE_INFINITY;
  #short = false;
  #askAt = Number.NEGATIVE_INFINITY;
  #retryMs = RETRY_MIN_MS;
  #renewAt = Number.POSITIVE_INFINITY;
  #lookAt = Number.POSITIVE_INFINITY;

  /** How many of `wanted` may start now; what is missing is asked for. */
  room(wanted: number, limit: number, nowMs: number): number {
    const usable = nowMs < this.#validUntil ? Math.min(this.#allowed, limit) : 0;
    const given = Math.min(wanted, Math.max(0, usable - this.active));
    this.#peak = Math.max(this.#peak, this.active + wanted);
    if (given < wanted && usable < limit) this.#short = true;
    return given;
  }

  started(count: number, nowMs: number): void {
    this.active += count;
    this.#peak = Math.max(this.#peak, this.active);
    this.#usedAt = nowMs;
  }

  ended(count: number, { nowMs, peers }: Surroundings): void {
    this.active = Math.max(0, this.active - count);
    this.#usedAt = nowMs;
    if (this.#slots === 0) return;
    if (this.#allowed < this.#slots) this.#lookAt = Math.min(this.#lookAt, nowMs + SHRINK_MS);
    else if (peers > 0 && this.active < this.#allowed) this.#lookAt = Math.min(this.#lookAt, nowMs + GIVE_BACK_MS);
  }

  /** When this share has to be looked at; infinite while nothing is to do. */
  dueAt(): number {
    return Math.min(this.#short ? this.#askAt : Number.POSITIVE_INFINITY, this.#renewAt, this.#lookAt);
  }

  /** True when the database has to be asked now. */
  look(around: Surroundings): boolean {
    const { nowMs } = around;
    if ((this.#short && nowMs >= this.#askAt) || nowMs >= this.#renewAt) return true;
    if (nowMs < this.#lookAt) return false;
    this.#lookAt = Number.POSITIVE_INFINITY;
    const shrinking = this.#allowed < this.#slots && this.active < this.#slots;
    const unused = around.peers > 0 && Math.max(this.#peak, this.active) < this.#allowed;
    if (shrinking || unused) return true;
    this.#peak = this.active;
    if (around.peers > 0 && this.active < this.#allowed) this.#lookAt = nowMs + GIVE_BACK_MS;
    return false;
  }

  /** What to ask for. What is not kept is not used from now on, whether or not the request arrives. */
  request(spoke: string, limit: number, { nowMs, peers, processMax }: Surroundings): SlotRequest {
    const most = Math.min(limit, processMax);
    const needed = Math.max(this.active, this.#peak);
    const idle = needed === 0 && nowMs - this.#usedAt > KEEP_ALONE_MS;
    const want = Math.max(this.active, peers === 0 ? (idle ? 0 : most) : Math.min(most, needed));
    this.#allowed = nowMs < this.#validUntil ? Math.min(this.#allowed, want) : 0;
    return { spoke, limit, want, keep: Math.max(this.active, this.#allowed) };
  }

  /** @param askedAtMs before the request left: the lease is at least as long as counted from there */
  granted({ want }: SlotRequest, grant: SlotGrant, askedAtMs: number, leaseMs: number, { nowMs, peers }: Surroundings): void {
    this.#slots = grant.slots;
    this.#allowed = grant.target;
    this.#validUntil = askedAtMs + leaseMs;
    this.#renewAt = grant.slots === 0 ? Number.POSITIVE_INFINITY : nowMs + Math.min(leaseMs / 3, peers === 0 ? RENEW_ALONE_MS : RENEW_MS);
    this.#peak = this.active;
    this.#short = false;
    if (want > grant.target) {
      this.#askAt = nowMs + this.#retryMs;
      this.#retryMs = Math.min(this.#retryMs * 2, grant.target === 0 ? RETRY_EMPTY_MAX_MS : RETRY_MAX_MS);
    } else {
      this.#askAt = nowMs;
      this.#retryMs = RETRY_MIN_MS;
    }
    if (this.#allowed < this.#slots && this.active < this.#slots) this.#lookAt = nowMs + SHRINK_MS;
    else if (peers > 0 && this.active < this.#allowed) this.#lookAt = nowMs + GIVE_BACK_MS;
    else this.#lookAt = Number.POSITIVE_INFINITY;
  }

  /** The database did not answer: what is leased stays until it runs out. */
  unanswered(nowMs: number): void {
    this.#askAt = nowMs + RETRY_MAX_MS;
    this.#lookAt = Number.POSITIVE_INFINITY;
    if (Number.isFinite(this.#renewAt)) this.#renewAt = nowMs + RETRY_MAX_MS;
  }

  /** Nothing under way, nothing leased, nothing wanted. */
  get forgettable(): boolean {
    return this.active === 0 && this.#slots === 0 && !this.#short;
  }
}
