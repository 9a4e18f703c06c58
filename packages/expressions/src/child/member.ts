/** One child process of the pool, with the job it runs and the clock on it. */
import { type ChildProcess, fork } from 'node:child_process';
import { HubError } from '@nave/core';
import { ExpressionFailure, LimitFailure } from '../failure.ts';
import { LIMITS } from '../limits.ts';
import { childOptions, WORKER_PATH } from './child-options.ts';
import type { Job, PoolOptions } from './pool.ts';
import { type FromChild, readFromChild, type ToChild } from './protocol.ts';

export interface MemberEvents {
  /** The child may take a job. */
  readonly free: () => void;
  /** The child has ended. */
  readonly gone: (wasReady: boolean) => void;
}

/** How much longer than the hub's clock the child's own guard runs: it only matters when the hub is gone. */
const SELF_LIMIT_FACTOR = 10;

export class Member {
  readonly #options: PoolOptions;
  readonly #events: MemberEvents;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #state: 'starting' | 'idle' | 'busy' | 'gone' = 'starting';
  #ready = false;
  #job: Job | undefined;
  #overrun = false;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PoolOptions, events: MemberEvents) {
    this.#options = options;
    this.#events = events;
    this.#child = fork(WORKER_PATH, [], childOptions(options.memoryMb));
    this.#ended = new Promise((resolve) => {
      const end = () => {
        resolve();
        this.#end();
      };
      this.#child.once('exit', end);
      // A process that could not be started at all has no exit.
      this.#child.once('error', () => (this.#child.pid === undefined ? end() : this.#child.kill('SIGKILL')));
    });
    this.#child.on('message', (message: unknown) => this.#receive(readFromChild(message)));
    this.#after(LIMITS.startMs, () => this.#child.kill('SIGKILL'));
  }

  get idle(): boolean {
    return this.#state === 'idle';
  }

  get starting(): boolean {
    return this.#state === 'starting';
  }

  /** Gives an idle child its next job. */
  take(job: Job): void {
    this.#state = 'busy';
    this.#job = job;
    this.#hold(true);
    this.#after(LIMITS.startMs, () => this.#child.kill('SIGKILL'));
    this.#send({ kind: 'job', id: job.id, input: job.input, selfLimitMs: this.#options.timeoutMs * SELF_LIMIT_FACTOR });
  }

  /** Kills the child and waits for its end. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#hold(true);
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #receive(message: FromChild | undefined): void {
    if (message === undefined || this.#state === 'gone') return;
    if (message.kind === 'ready') {
      this.#ready = true;
      this.#becomeIdle();
      return;
    }
    const job = this.#job;
    if (job === undefined || message.id !== job.id) return;
    switch (message.kind) {
      case 'start':
        this.#after(this.#options.timeoutMs, () => this.#checkOverrun(job));
        return;
      case 'lookup':
        this.#answer(message);
        return;
      case 'done':
        this.#settle();
        job.resolve(message.result === undefined ? undefined : JSON.parse(message.result));
        break;
      case 'limit':
        this.#settle();
        job.reject(new LimitFailure(message.reason));
        break;
      case 'failed':
        this.#settle();
        job.reject(new ExpressionFailure(message.code, message));
        break;
    }
    this.#becomeIdle();
  }

  #answer(message: Extract<FromChild, { kind: 'lookup' }>): void {
    let value: string | undefined;
    try {
      value = this.#options.lookup(message.table, message.key);
    } catch (error) {
      const job = this.#settle();
      job?.reject(error instanceof Error ? error : new Error('lookup failed'));
      this.#child.kill('SIGKILL');
      return;
    }
    this.#send({ kind: 'lookup-answer', id: message.id, call: message.call, value });
  }

  /** The answer may lie in the channel already when the hub itself was busy: messages are read before `setImmediate` runs. */
  #checkOverrun(job: Job): void {
    setImmediate(() => {
      if (this.#job !== job) return;
      this.#overrun = true;
      this.#child.kill('SIGKILL');
    });
  }

  #settle(): Job | undefined {
    const job = this.#job;
    this.#job = undefined;
    clearTimeout(this.#timer);
    return job;
  }

  #becomeIdle(): void {
    this.#state = 'idle';
    this.#hold(false);
    this.#after(LIMITS.idleMs, () => this.#child.kill('SIGKILL'));
    this.#events.free();
  }

  #end(): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    const job = this.#settle();
    if (job !== undefined) job.reject(this.#endReason());
    this.#events.gone(this.#ready);
  }

  #endReason(): Error {
    if (this.#closing) return new HubError('hub.stopping');
    if (this.#overrun) return new LimitFailure(`the expression ran longer than ${this.#options.timeoutMs} ms`);
    return new LimitFailure(`the expression used more than ${this.#options.memoryMb} MB`);
  }

  /** A child at work keeps the hub's process alive; an idle one does not. */
  #hold(held: boolean): void {
    if (held) {
      this.#child.ref();
      this.#child.channel?.ref();
    } else {
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }

  #send(message: ToChild): void {
    // A child that ends meanwhile is dealt with by its exit.
    this.#child.send(message, () => undefined);
  }

  #after(delayMs: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, delayMs);
    if (this.#state === 'idle') this.#timer.unref();
  }
}
