/** A few child processes for expressions that are not simple: started when first needed, killed when they overrun, gone with the hub. */
import { HubError } from '@nave/core';
import { ExpressionFailure, LimitFailure } from '../failure.ts';
import { LIMITS } from '../limits.ts';
import { Member } from './member.ts';
import type { JobInput } from './protocol.ts';

export interface PoolOptions {
  /** Most processes at once. */
  readonly size: number;
  /** Of evaluation, from when the child takes up the job. */
  readonly timeoutMs: number;
  /** Heap of each child. */
  readonly memoryMb: number;
  readonly lookup: (table: string, key: string) => string | undefined;
}

/** One evaluation, waiting or running. */
export interface Job {
  readonly id: number;
  readonly input: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Children that ended before they were ready, after which the pool gives up on the jobs that wait. */
const FAILED_STARTS_MAX = 3;

export class ChildPool {
  readonly #options: PoolOptions;
  readonly #members = new Set<Member>();
  readonly #queue: Job[] = [];
  #ids = 0;
  #failedStarts = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * Evaluates in a child process.
   * @throws ExpressionFailure, LimitFailure, or HubError `limit.overload` (too many waiting), `hub.stopping`, `hub.internal` (no child starts)
   */
  async run(input: JobInput): Promise<unknown> {
    if (this.#closed) throw new HubError('hub.stopping');
    if (this.#queue.length >= LIMITS.queueMax) {
      throw new HubError('limit.overload', { detail: 'Too many expressions wait for evaluation', retryAfterSeconds: 1 });
    }
    const json = jsonOf(input);
    return new Promise((resolve, reject) => {
      this.#ids += 1;
      this.#queue.push({ id: this.#ids, input: json, resolve, reject });
      this.#dispatch();
    });
  }

  /** Kills the children; what runs or waits fails with `hub.stopping`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.reject(new HubError('hub.stopping'));
    await Promise.all([...this.#members].map((member) => member.close()));
  }

  #dispatch(): void {
    for (const member of this.#members) {
      if (!member.idle) continue;
      const job = this.#queue.shift();
      if (job === undefined) return;
      member.take(job);
    }
    const starting = [...this.#members].filter((member) => member.starting).length;
    const missing = Math.min(this.#options.size - this.#members.size, this.#queue.length - starting);
    for (let started = 0; started < missing; started += 1) this.#start();
  }

  #start(): void {
    const member = new Member(this.#options, {
      free: () => {
        this.#failedStarts = 0;
        this.#dispatch();
      },
      gone: (wasReady) => {
        this.#members.delete(member);
        if (!wasReady && !this.#closed) this.#startFailed();
        if (!this.#closed) this.#dispatch();
      },
    });
    this.#members.add(member);
  }

  #startFailed(): void {
    this.#failedStarts += 1;
    if (this.#failedStarts < FAILED_STARTS_MAX) return;
    this.#failedStarts = 0;
    for (const job of this.#queue.splice(0))
      job.reject(new HubError('hub.internal', { detail: 'No process for expressions can be started' }));
  }
}

function jsonOf(input: JobInput): string {
  let json: string;
  try {
    json = JSON.stringify(input);
  } catch {
    throw new ExpressionFailure('N1009');
  }
  if (json.length > LIMITS.inputMax) throw new LimitFailure(`the input is larger than ${LIMITS.inputMax} characters`);
  return json;
}
