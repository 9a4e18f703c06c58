/** Runs the polls of all spokes: any process may, each poll in one of them at a time. Deliveries never wait for it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ErasedAdapter } from '@nave/adapter-kit';
import { HubError, type Logger, messageOf, type TokenSource } from '@nave/core';
import type { Accepter } from '@nave/pipeline';
import type { ClaimedPoll, PollStore } from '@nave/store';
import type { RunningRegistry } from '../registry/registry.ts';
import { pollBackoffMs } from './poll-delay.ts';
import { type TurnResult, takeTurn } from './poll-turn.ts';
import { publishItems } from './publish-items.ts';
import { type RunnablePoll, wantedPolls } from './wanted-polls.ts';

export interface PollerDeps {
  store: PollStore;
  registry: Pick<RunningRegistry, 'spoke' | 'spokes' | 'connection' | 'refresh'>;
  kinds: ReadonlyMap<string, Pick<ErasedAdapter, 'pollsOf'>>;
  accepter: Pick<Accepter, 'publish'>;
  tokens: Pick<TokenSource, 'take'>;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** A number in [0, 1). */
  random: () => number;
  /** Names this process in the leases. */
  owner: string;
  logger: Logger;
  onTurn?: (spoke: string, poll: string, result: 'ok' | 'failed' | 'lost') => void;
  /** Told of an item that can never be stored as it is, and was left out. */
  onRefused?: (spoke: string, poll: string, key: string, reason: string) => void;
}

export interface Poller {
  start(): void;
  /** Looks once for polls that are due and takes their turns; resolves when they have ended. */
  turn(): Promise<void>;
  /**
   * Takes a turn now, due or not, in this process.
   * @throws HubError `resource.not-found` (no such poll is switched on), `state.conflict` (paused, or it runs already)
   */
  run(spoke: string, poll: string): Promise<TurnResult>;
  /** Gives up the pages under way; what is committed stays. */
  stop(): Promise<void>;
}

const LOOK_MS = 1_000;
/** Turns under way at once in one process. */
const ACTIVE_MAX = 8;
const LEASE_MS = 30_000;
const PAGES_MAX = 20;
/** A person waits for the answer. */
const ASKED = { pagesMax: 5, pageTimeoutMs: 15_000 };

export function createPoller(deps: PollerDeps): Poller {
  const { store, registry, logger } = deps;
  const stopping = new AbortController();
  const active = new Set<Promise<unknown>>();
  let timer: NodeJS.Timeout | null = null;
  let look: Promise<unknown> = Promise.resolve();
  let complaint = '';

  async function settle(claimed: ClaimedPoll, poll: RunnablePoll, result: TurnResult): Promise<void> {
    const { end, detail, more } = result;
    const { spoke, name } = claimed;
    for (const { key, reason } of result.refused) deps.onRefused?.(spoke, name, key, reason);
    if (end === 'stopped' || end === 'waiting') return store.release(claimed);
    if (end === 'ok' || end === 'failed') {
      const failures = claimed.failures + 1;
      const backoff = pollBackoffMs(poll.everyMs, failures, result.retryAfterMs, deps.random());
      const error = end === 'failed' ? detail || 'failed' : null;
      const kept = await store.finish(claimed, error !== null ? backoff : more ? 0 : poll.everyMs, error);
      if (kept && error !== null) logger.warn({ spoke, poll: name, reason: error, failures, nextInMs: backoff }, 'a poll failed');
      if (kept) return deps.onTurn?.(spoke, name, end);
    }
    deps.onTurn?.(spoke, name, 'lost');
  }

  async function work(claimed: ClaimedPoll, poll: RunnablePoll, limits: { pagesMax: number; pageTimeoutMs: number }): Promise<TurnResult> {
    const spoke = registry.spoke(claimed.spoke);
    if (spoke === null) throw notFound(claimed.spoke, claimed.name);
    const turn = {
      ...{ store, spoke, logger, tokens: deps.tokens },
      connection: () => registry.connection(claimed.spoke),
      publish: (items: Parameters<typeof publishItems>[3]) => publishItems(deps, spoke, claimed.name, items),
      sleep: (ms: number, signal: AbortSignal) => wait(ms, undefined, { signal, ref: false }).catch(() => undefined),
    };
    const result = await takeTurn(turn, claimed, { ...limits, leaseMs: LEASE_MS, from: poll.from }, stopping.signal);
    await settle(claimed, poll, result);
    return result;
  }

  function track<T>(turn: Promise<T>): Promise<T> {
    const settled = turn.catch((error: unknown) => complain(messageOf(error)));
    active.add(settled);
    void settled.finally(() => active.delete(settled));
    return turn;
  }

  /** Once for each different trouble, not every second. */
  function complain(reason: string): void {
    if (reason !== complaint) logger.warn({ reason }, 'polls cannot run as they should');
    complaint = reason;
  }

  async function begin(): Promise<Promise<unknown>[]> {
    const wanted = registry.spokes().flatMap((spoke) => wantedPolls(spoke, deps.kinds));
    await store.prepare(wanted);
    const claimed = await store.claim(deps.owner, LEASE_MS, wanted, ACTIVE_MAX - active.size);
    complaint = '';
    return claimed.flatMap((each) => {
      const poll = wanted.find(({ spoke, name }) => spoke === each.spoke && name === each.name);
      const pageTimeoutMs = registry.spoke(each.spoke)?.definition.policy.timeoutMs ?? ASKED.pageTimeoutMs;
      return poll === undefined ? [] : [track(work(each, poll, { pagesMax: PAGES_MAX, pageTimeoutMs }))];
    });
  }

  function next(): void {
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => {
      look = begin()
        .catch((error: unknown) => complain(messageOf(error)))
        .finally(next);
    }, LOOK_MS);
    timer.unref();
  }

  return {
    start: next,
    async turn() {
      await Promise.allSettled(await begin());
    },
    async run(spoke, name) {
      let known = registry.spoke(spoke);
      if (known === null || !Object.hasOwn(known.definition.inbound?.polls ?? {}, name)) {
        // Another process may have changed it just now.
        await registry.refresh();
        known = registry.spoke(spoke);
      }
      if (known === null || !Object.hasOwn(known.definition.inbound?.polls ?? {}, name)) throw notFound(spoke, name);
      const poll = wantedPolls(known, deps.kinds).find((each) => each.name === name);
      if (poll === undefined) throw new HubError('state.conflict', { detail: `The spoke ${spoke} is paused or disabled.` });
      await store.prepare([poll]);
      const [claimed] = await store.claim(deps.owner, LEASE_MS, [poll], 1, false);
      if (claimed === undefined) throw new HubError('state.conflict', { detail: 'The poll runs already, or the spoke was just paused.' });
      const pageTimeoutMs = Math.min(ASKED.pageTimeoutMs, known.definition.policy.timeoutMs);
      return track(work(claimed, poll, { ...ASKED, pageTimeoutMs }));
    },
    async stop() {
      stopping.abort();
      if (timer !== null) clearTimeout(timer);
      await look;
      await Promise.allSettled(active);
    },
  };
}

function notFound(spoke: string, poll: string): HubError {
  return new HubError('resource.not-found', { detail: `The spoke ${spoke} has no poll ${poll} that is switched on.` });
}
