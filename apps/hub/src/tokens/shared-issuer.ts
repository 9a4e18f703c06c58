/** Gives the tokens of one spoke to this process: those that another process fetched, or new ones under the lease of their row. */
import type { TokenAnswer } from '@nave/adapter-kit';
import { isHubError, messageOf } from '@nave/core';
import type { FetchedToken, TokenIssuer, TokenWanted } from '@nave/protocols';
import type { StoredToken, TokenPlace } from '@nave/store';
import { failureOf, failureOutcome, giveUp, retryLater } from './fetch-failure.ts';
import { createSealedTokens } from './sealed-tokens.ts';
import type { SharedTokensDeps } from './shared-tokens.ts';

type Issued = Awaited<ReturnType<TokenIssuer['obtain']>>;
type Deps = Required<SharedTokensDeps>;

/** A fetch takes 15 s at most, see `requestToken`; whoever died with the lease keeps the others waiting for this long. */
const LEASE_MS = 30_000;
const FETCH_MAX_MS = 25_000;
const WAIT_MAX_MS = 20_000;
const LOOK_MS = 100;
/** Of its life that another process's token must have left to count as renewed. */
const RENEWED = 0.25;
/** How often the successor of a used-up refresh token is written before the delivery is told to come back. */
const COMMIT_TRIES = 5;

/** A token whose predecessor is used up and that is not stored yet: nothing else may be fetched before. */
interface Uncommitted {
  version: number;
  token: string;
  keep: string | undefined;
  lifeMs: number;
  fetchedAtMs: number;
}

export function createSharedIssuer(spoke: string, deps: Deps): TokenIssuer {
  const { store, clock, logger, owner, pause } = deps;
  const sealed = createSealedTokens(deps.sealer, logger);
  const uncommitted = new Map<string, Uncommitted>();

  /** The stored token when it may be given. */
  async function usable(row: StoredToken, place: TokenPlace, { refused, early }: TokenWanted): Promise<FetchedToken | null> {
    const enough = early ? row.lifeMs * RENEWED : row.lifeMs * 0.05;
    if (row.token === null || row.remainingMs <= enough) return null;
    const token = await sealed.open(row.token, 'token', place);
    return token === null || token === refused ? null : { ok: true, token, lifeMs: row.lifeMs, remainingMs: row.remainingMs };
  }

  async function shared(wanted: TokenWanted, place: TokenPlace): Promise<Issued> {
    const left = uncommitted.get(place.key);
    if (left !== undefined && !(await commit(place, left))) return retryLater('the new refresh token could not be stored yet');
    let row = await store.read(place);
    const failuresBefore = row?.failures ?? 0;
    const untilMs = clock.now() + WAIT_MAX_MS;
    for (;;) {
      const found = row === null ? null : await usable(row, place, wanted);
      if (found !== null) return found;
      if (row !== null && !row.leased && row.failures > failuresBefore) {
        const outcome = failureOutcome(row.failure);
        if (outcome !== null) return { ok: false, outcome };
      }
      const lease = row?.leased === true ? null : await store.lease(place, owner, LEASE_MS, row?.version ?? 0);
      if (lease !== null) return fetchUnderLease(wanted, place, lease);
      if (wanted.early) return retryLater('another worker renews the token');
      if (clock.now() >= untilMs) return retryLater('another worker did not get a token in time');
      if (row !== null) await pause(LOOK_MS);
      const before = row;
      row = await store.read(place);
      // A spoke that was removed has no row and gets none: what is still under way goes out as it would have.
      if (before === null && row === null) return alone(wanted, null);
    }
  }

  async function fetchUnderLease(wanted: TokenWanted, place: TokenPlace, { version, kept }: StoredToken): Promise<Issued> {
    let answer: TokenAnswer;
    try {
      // Before anything is used up: what cannot be sealed could not be stored.
      await sealed.prepare(clock.now());
      const plain = await sealed.open(kept, 'kept', place);
      answer = await Promise.race([wanted.fetchToken(plain), giveUp(FETCH_MAX_MS)]);
    } catch (error) {
      await endLease(place, null);
      throw error;
    }
    if (!answer.ok) {
      await endLease(place, failureOf(answer.outcome));
      return answer;
    }
    const { token, keep, expiresInMs } = answer;
    const fetched = { version, token, keep, lifeMs: expiresInMs, fetchedAtMs: clock.now() };
    const issued = { ok: true, token, lifeMs: expiresInMs, remainingMs: expiresInMs } as const;
    if (!wanted.durable) {
      await tryToCommit(place, fetched).catch((error: unknown) => note(error, 'a token was not shared with the other workers'));
      return issued;
    }
    uncommitted.set(place.key, fetched);
    return (await commit(place, fetched)) ? issued : retryLater('the new refresh token could not be stored yet');
  }

  /** True when it is stored, or when another one was stored meanwhile. */
  async function commit(place: TokenPlace, fetched: Uncommitted): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        await tryToCommit(place, fetched);
        uncommitted.delete(place.key);
        return true;
      } catch (error) {
        note(error, 'the successor of a used refresh token is not stored yet');
        if (tries === COMMIT_TRIES) return false;
        await pause(LOOK_MS * 2 ** tries);
      }
    }
  }

  async function tryToCommit(place: TokenPlace, { version, token, keep, lifeMs, fetchedAtMs }: Uncommitted): Promise<void> {
    const seal = await sealed.prepare(clock.now());
    const stored = {
      token: seal(token, 'token', place),
      kept: keep === undefined ? undefined : seal(keep, 'kept', place),
      lifeMs: Math.max(0, lifeMs - (clock.now() - fetchedAtMs)),
    };
    await store.commit(place, owner, version, stored);
  }

  async function endLease(place: TokenPlace, failure: unknown): Promise<void> {
    await store.fail(place, owner, failure).catch((error: unknown) => note(error, 'a failed fetch was not told to the other workers'));
  }

  function note(error: unknown, what: string): void {
    logger.warn({ spoke, reason: messageOf(error) }, what);
  }

  async function alone({ fetchToken, durable }: TokenWanted, error: unknown): Promise<Issued> {
    if (durable) return retryLater('the refresh token cannot be used while its successor could not be stored');
    if (error !== null) note(error, 'this worker fetches a token for itself');
    const answer = await fetchToken(null);
    return answer.ok ? { ok: true, token: answer.token, lifeMs: answer.expiresInMs, remainingMs: answer.expiresInMs } : answer;
  }

  return {
    async obtain(wanted) {
      const place = { spoke, key: deps.hashKey(`${spoke}\u0000${wanted.key}`) };
      try {
        return await shared(wanted, place);
      } catch (error) {
        if (!isHubError(error) || error.code !== 'store.unavailable') throw error;
        return wanted.early ? retryLater('the database is away') : alone(wanted, error);
      }
    },
  };
}
