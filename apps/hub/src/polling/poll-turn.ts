/** One turn of a poll: page after page is fetched, committed, and only then the cursor moves. */
import type { PolledItem, PollPage, SpokeConnection } from '@nave/adapter-kit';
import { isHubError, type Logger, messageOf, type Outcome, type TokenSource } from '@nave/core';
import { type CompiledSpoke, isStorable, storableLine } from '@nave/pipeline';
import type { ClaimedPoll, PollStore } from '@nave/store';
import type { Published } from './publish-items.ts';

export interface TurnDeps {
  store: Pick<PollStore, 'advance'>;
  spoke: CompiledSpoke;
  connection: () => Promise<SpokeConnection>;
  publish: (items: readonly PolledItem[]) => Promise<Published>;
  tokens: Pick<TokenSource, 'take'>;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  logger: Logger;
}

export interface TurnLimits {
  leaseMs: number;
  pagesMax: number;
  pageTimeoutMs: number;
  from: 'now' | 'start';
}

export interface TurnResult {
  /** `lost`: another process works on it now; `stopped`: by the signal; `waiting`: its rate lets nothing go. */
  end: 'ok' | 'failed' | 'lost' | 'stopped' | 'waiting';
  items: number;
  duplicates: number;
  refused: Published['refused'];
  /** There is more at once. */
  more: boolean;
  detail: string;
  retryAfterMs: number;
}

const PAGE_ITEMS = 100;
const CURSOR_CHARACTERS_MAX = 65_536;
/** A turn waits this long for its rate; then others may have its place. */
const RATE_PATIENCE_MS = 5_000;
/** The adapter keeps its own time; an adapter that does not is given up this much later. */
const DEAF_MS = 2_000;

/** Never throws: what fails is said in the result. @param signal aborted when the process stops */
export async function takeTurn(deps: TurnDeps, claimed: ClaimedPoll, limits: TurnLimits, signal: AbortSignal): Promise<TurnResult> {
  const result: TurnResult = { end: 'ok', items: 0, duplicates: 0, refused: [], more: true, detail: '', retryAfterMs: 0 };
  const failed = (detail: string, retryAfterMs = 0): TurnResult => ({
    ...result,
    end: 'failed',
    detail: storableLine(detail),
    retryAfterMs,
  });
  const lost = new AbortController();
  const ending = AbortSignal.any([signal, lost.signal]);
  const over = (): TurnResult | null =>
    lost.signal.aborted ? { ...result, end: 'lost' } : signal.aborted ? { ...result, end: 'stopped' } : null;
  const beat = setInterval(() => {
    // A beat that fails is no loss yet: the lease still lasts.
    deps.store.advance(claimed, null, limits.leaseMs).then(
      (held) => held || lost.abort(),
      () => undefined,
    );
  }, limits.leaseMs / 3);
  let { cursor } = claimed;
  try {
    for (let pages = 0; pages < limits.pagesMax && result.more; pages += 1) {
      if (!(await granted(deps, ending))) return over() ?? { ...result, end: pages === 0 ? 'waiting' : 'ok' };
      const page = await fetchPage(deps, claimed.name, cursor, limits, ending);
      const ended = over();
      if (ended !== null) return ended;
      if (!page.ok) return failed(page.outcome.detail, page.outcome.retryAfterMs);
      if (!isStorable(page.cursor, CURSOR_CHARACTERS_MAX)) return failed('The adapter gave a cursor that cannot be stored');
      if (page.more && page.cursor === cursor) return failed('The poll does not get on: the same cursor again');
      const published = await deps.publish(page.items);
      result.items += page.items.length;
      result.duplicates += published.duplicates;
      result.refused.push(...published.refused);
      if (!(await deps.store.advance(claimed, page.cursor, limits.leaseMs))) return { ...result, end: 'lost' };
      ({ cursor, more: result.more } = page);
    }
    return result;
  } catch (error) {
    const ours = isHubError(error);
    if (!ours) deps.logger.error({ spoke: claimed.spoke, poll: claimed.name, reason: messageOf(error) }, 'a poll failed in the hub');
    return over() ?? failed(ours ? error.detail : 'The poll failed in the hub; its log says why');
  } finally {
    clearInterval(beat);
  }
}

async function granted({ tokens, spoke, sleep }: TurnDeps, signal: AbortSignal): Promise<boolean> {
  const { name, policy } = spoke.definition;
  let patienceMs = RATE_PATIENCE_MS;
  while (!signal.aborted) {
    if (policy.rate === null) return true;
    // The key the deliveries of the spoke take from.
    const grant = await tokens.take(`spoke:${name}`, 1, { ...policy.rate, smooth: true });
    if (grant.granted > 0) return true;
    const waitMs = Math.max(50, grant.retryAfterMs);
    if (waitMs > patienceMs) return false;
    patienceMs -= waitMs;
    await sleep(waitMs, signal);
  }
  return false;
}

async function fetchPage(
  { connection, logger }: TurnDeps,
  name: string,
  cursor: string | null,
  limits: TurnLimits,
  ending: AbortSignal,
): Promise<PollPage> {
  const late = AbortSignal.timeout(limits.pageTimeoutMs);
  let net: NodeJS.Timeout | undefined;
  const deaf = new Promise<PollPage>((resolve) => {
    net = setTimeout(() => resolve(unfetched('timeout', 'The system did not answer in time')), limits.pageTimeoutMs + DEAF_MS);
    ending.addEventListener('abort', () => resolve(unfetched('timeout', 'The hub stopped waiting')), { once: true });
  });
  const fetched = async (): Promise<PollPage> => {
    try {
      const open = await connection();
      if (open.poll === undefined) return unfetched('invalid', 'This kind cannot poll');
      return await open.poll(name, cursor, PAGE_ITEMS, AbortSignal.any([ending, late]), limits.from);
    } catch (error) {
      if (isHubError(error)) return unfetched('invalid', error.detail);
      logger.error({ poll: name, reason: messageOf(error) }, 'an adapter threw instead of answering');
      return unfetched('fault', 'The adapter failed');
    }
  };
  try {
    return await Promise.race([fetched(), deaf]);
  } finally {
    clearTimeout(net);
  }
}

function unfetched(kind: Outcome['kind'], detail: string): PollPage {
  return { ok: false, outcome: { kind, status: null, detail, sent: false } };
}
